package dev.adpipe.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A value of a YAML document, anchors and merges resolved; one that is not there is {@link #isMissing missing}. */
record Node(Object value) {
    private static final Node MISSING = new Node(null);

    /** The one document of a text. */
    static Node parse(String text) {
        return new Node(yaml().load(text));
    }

    /** All documents of a text, empty ones left out. */
    static List<Node> parseAll(String text) {
        List<Node> documents = new ArrayList<>();
        for (Object document : yaml().loadAll(text)) {
            if (document != null) {
                documents.add(new Node(document));
            }
        }
        return documents;
    }

    /** What stands under keys in keys. */
    Node at(String... keys) {
        Node node = this;
        for (String key : keys) {
            node = node.value instanceof Map<?, ?> map && map.containsKey(key) ? new Node(map.get(key)) : MISSING;
        }
        return node;
    }

    boolean isMissing() {
        return value == null;
    }

    String text() {
        return String.valueOf(value);
    }

    /** Elements of a list; none if this is no list. */
    List<Node> list() {
        return value instanceof List<?> list ? list.stream().map(Node::new).toList() : List.of();
    }

    List<String> texts() {
        return list().stream().map(Node::text).toList();
    }

    /** Keys of a map; none if this is no map. */
    Set<String> keys() {
        return value instanceof Map<?, ?> map
                ? Set.copyOf(map.keySet().stream().map(String::valueOf).toList())
                : Set.of();
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }
}
