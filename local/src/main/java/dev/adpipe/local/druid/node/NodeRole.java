package dev.adpipe.local.druid.node;

import java.lang.reflect.Method;
import java.util.Properties;

/** A node of Druid, as one runs in a JVM of its own elsewhere. */
public enum NodeRole {
    /** Also the overlord. */
    COORDINATOR("coordinator", "CliCoordinator"),
    /** Takes the rows in; its tasks are threads. */
    INDEXER("indexer", "CliIndexer"),
    HISTORICAL("historical", "CliHistorical"),
    /** Answers queries. */
    BROKER("broker", "CliBroker");

    private static final String STARTUP = "org.apache.druid.guice.StartupInjectorBuilder";

    private final String id;
    private final String command;

    NodeRole(String id, String command) {
        this.id = id;
        this.command = command;
    }

    /** In names of files, threads and folders. */
    public String id() {
        return id;
    }

    /** Runs it on this thread, until it ends. */
    void run(ClassLoader loader, Properties properties) throws ReflectiveOperationException {
        Thread.currentThread().setContextClassLoader(loader);
        Object builder = loader.loadClass(STARTUP).getConstructor().newInstance();
        invoke(builder, "withProperties", properties);
        invoke(builder, "withExtensions");
        Object injector = invoke(builder, "build");
        Object node = loader.loadClass("org.apache.druid.cli." + command)
                .getConstructor()
                .newInstance();
        Class<?> injectorType = loader.loadClass("com.google.inject.Injector");
        node.getClass().getMethod("configure", Properties.class, injectorType).invoke(node, properties, injector);
        injectorType.getMethod("injectMembers", Object.class).invoke(injector, node);
        ((Runnable) node).run();
    }

    private static Object invoke(Object target, String name, Object... arguments) throws ReflectiveOperationException {
        Class<?>[] types = new Class<?>[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            types[i] = arguments[i].getClass();
        }
        Method method = target.getClass().getMethod(name, types);
        return method.invoke(target, arguments);
    }
}
