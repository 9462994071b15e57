package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The step {@code currency}. */
final class CurrencyReader {
    private static final Pattern CODE = Pattern.compile("[A-Z]{3}");
    private static final String CODE_RULE = "must be a currency's code in three capital letters, such as EUR";
    private static final String LOOKUP = "lookup";

    private CurrencyReader() {}

    /**
     * @param lookups gets the name of the lookup that has the rates
     */
    static Setting<CleaningStep> read(ConfigReader in, Optional<List<String>> streams, List<Setting<String>> lookups) {
        Setting<String> to = code(in.text("currency"));
        Setting<Source> from = SourceReader.read(in.text("from"), streams);
        Setting<String> otherwise = code(in.ifGiven("otherwise", in::text));
        ConfigReader table = in.block("rates", Reference.each("rates"), LOOKUP);
        Optional<String> lookup = Optional.empty();
        Map<String, BigDecimal> rates = new LinkedHashMap<>();
        if (table.has(LOOKUP)) {
            Setting<String> name = table.text(LOOKUP);
            lookups.add(name);
            lookup = name.value();
            table.finish();
        } else {
            Map<String, Setting<String>> given = table.flattened();
            given.forEach((currency, rate) -> rate(currency, rate).ifPresent(r -> rates.put(currency, r)));
            if (given.isEmpty() && !table.isSilent()) {
                table.place()
                        .reject("must be a lookup's name, or what one unit of each currency is worth:"
                                + " { USD = 0.92, GBP = 1.17 }");
            }
        }
        return to.isPresent() && from.isPresent()
                ? Setting.of(
                        in.place(), new CleaningStep.Currency(to.get(), from.get(), otherwise.value(), rates, lookup))
                : Setting.absent(in.place());
    }

    private static Optional<BigDecimal> rate(String currency, Setting<String> rate) {
        if (!CODE.matcher(currency).matches()) {
            rate.reject("its name " + CODE_RULE);
            return Optional.empty();
        }
        return rate.parse(ScalarParser::number, "must be a number, of at most 30 digits")
                .require(r -> r.signum() > 0, "must be more than 0: what one " + currency + " is worth")
                .value();
    }

    private static Setting<String> code(Setting<String> text) {
        return text.require(t -> CODE.matcher(t).matches(), CODE_RULE);
    }
}
