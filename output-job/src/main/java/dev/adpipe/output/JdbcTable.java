package dev.adpipe.output;

import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.JdbcLookup;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lookup that asks a database again and again, on a thread of its own that lives from construction to {@link #close}. A
 * whole answer takes the place of the one before; while it is read, both are in memory, and of the rest no more than a
 * fetch. A bad answer changes nothing.
 */
final class JdbcTable implements LiveLookup {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTable.class);
    private static final int FETCH_ROWS = 10_000;
    private static final long FIRST_RETRY_MILLIS = 2_000;
    private static final int LONGEST_SILENCE_SECONDS = 60;
    private static final long CLOSE_MILLIS = 5_000;

    private final String name;
    private final JdbcLookup declared;
    private final Clock clock;
    private final Freshness freshness;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Map<String, String> names = Map.of();
    private List<String> warned = List.of();

    /**
     * Starts to ask.
     *
     * @throws IllegalArgumentException if no driver on the class path takes the address
     */
    JdbcTable(String name, JdbcLookup declared, Clock clock) {
        this.name = name;
        this.declared = declared;
        this.clock = clock;
        this.freshness = new Freshness(name, clock);
        try {
            DriverManager.getDriver(declared.url());
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    "there is no JDBC driver for " + declared.url() + "; put its jar on the class path of the job", e);
        }
        thread = new Thread(this::run, "adpipe-lookup-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String find(String key) {
        return names.get(key);
    }

    @Override
    public Optional<String> waitsFor() {
        return freshness.waitsFor();
    }

    @Override
    public long entries() {
        return names.size();
    }

    @Override
    public long ageMillis() {
        return freshness.ageMillis();
    }

    private void run() {
        try {
            long wait = 0;
            while (!closed.await(wait, TimeUnit.MILLISECONDS)) {
                ask();
                wait = freshness.waitsFor().isPresent()
                        ? Math.min(FIRST_RETRY_MILLIS, declared.every().toMillis())
                        : declared.every().toMillis();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts but a process that ends.
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        long askedAt = clock.millis();
        try {
            LookupTable table = read();
            boolean first = freshness.waitsFor().isPresent();
            names = table.names();
            freshness.currentAt(askedAt);
            if (first) {
                LOG.info("lookup {}: {} names from {}", name, names.size(), declared.url());
            }
            say(table.warnings());
        } catch (SQLException | BadValueException e) {
            freshness.failed(declared.url() + ": " + withoutPassword(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            // A driver's own mistake; the table must not stop being followed for it.
            freshness.failed(declared.url() + ": " + withoutPassword(e.toString()));
        }
    }

    private LookupTable read() throws SQLException, BadValueException {
        Properties login = new Properties();
        declared.user().ifPresent(user -> login.setProperty("user", user));
        declared.password().ifPresent(password -> login.setProperty("password", password));
        try (Connection connection = DriverManager.getConnection(declared.url(), login)) {
            // PostgreSQL's driver fetches bit by bit only inside a transaction.
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            limit(connection);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCH_ROWS);
                try (ResultSet rows = statement.executeQuery(declared.query())) {
                    return table(rows);
                }
            } finally {
                connection.rollback();
            }
        }
    }

    /** A database that has gone silent must not be waited for for ever. */
    private static void limit(Connection connection) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, (int) TimeUnit.SECONDS.toMillis(LONGEST_SILENCE_SECONDS));
        } catch (SQLFeatureNotSupportedException e) {
            LOG.debug("the driver knows no timeout of the network", e);
        }
    }

    private static LookupTable table(ResultSet rows) throws SQLException, BadValueException {
        int columns = rows.getMetaData().getColumnCount();
        if (columns != 2) {
            throw new BadValueException("the query gives " + columns + " columns; it must give two, id and name");
        }
        LookupTable.Builder table = new LookupTable.Builder();
        for (long row = 1; rows.next(); row++) {
            table.add(row, text(rows.getObject(1), rows, 1), text(rows.getObject(2), rows, 2));
        }
        return table.build();
    }

    /** Numbers as rows and other lookups write them, so that an id of 12.00 is found as 12. */
    private static String text(Object value, ResultSet rows, int column) throws SQLException, BadValueException {
        if (value == null) {
            return "";
        }
        return value instanceof BigDecimal || value instanceof Double ? ValueTypes.text(value) : rows.getString(column);
    }

    private void say(List<String> warnings) {
        if (!warnings.equals(warned)) {
            warnings.forEach(warning -> LOG.warn("lookup {}: {}: {}", name, declared.url(), warning));
            warned = warnings;
        }
    }

    private String withoutPassword(String text) {
        String secret = declared.password().orElse("");
        return secret.isEmpty() ? text : text.replace(secret, "(hidden)");
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
