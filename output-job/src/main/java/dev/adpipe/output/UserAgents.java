package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep.UserAgent.Part;
import java.util.EnumMap;
import java.util.Map;
import nl.basjes.parse.useragent.AgentField;
import nl.basjes.parse.useragent.UserAgent;
import nl.basjes.parse.useragent.UserAgentAnalyzer;

/**
 * What a user agent's text says, by the rules of Yauaa. One for the process, made when the first job needs it: its rules take
 * seconds to load and tens of megabytes. It remembers the texts seen last. Thread-safe; a text that is not remembered is
 * analysed by one thread at a time.
 */
final class UserAgents {
    private static final int REMEMBERED = 10_000;

    /** Longer ones are no browser's, and cost time. */
    private static final int LONGEST = 2_048;

    private static final Map<Part, String> FIELDS = new EnumMap<>(Map.of(
            Part.BROWSER, UserAgent.AGENT_NAME,
            Part.BROWSER_VERSION, UserAgent.AGENT_VERSION_MAJOR,
            Part.OS, UserAgent.OPERATING_SYSTEM_NAME,
            Part.OS_VERSION, UserAgent.OPERATING_SYSTEM_VERSION_MAJOR,
            Part.DEVICE, UserAgent.DEVICE_CLASS,
            Part.BRAND, UserAgent.DEVICE_BRAND));

    private final UserAgentAnalyzer analyzer = UserAgentAnalyzer.newBuilder()
            .hideMatcherLoadStats()
            .withFields(FIELDS.values())
            .withCache(REMEMBERED)
            .immediateInitialization()
            .build();

    private UserAgents() {}

    static UserAgents shared() {
        return Holder.SHARED;
    }

    /** Null for blank text and for what cannot be told. */
    String part(String text, Part part) {
        String agent = CleaningSteps.trim(text);
        if (agent.isEmpty()) {
            return null;
        }
        AgentField field =
                analyzer.parse(CleaningSteps.truncate(agent, LONGEST)).get(FIELDS.get(part));
        return field.isDefaultValue() || field.getValue().equals("??") ? null : field.getValue();
    }

    /** Made by the first call of {@link #shared}. */
    private static final class Holder {
        private static final UserAgents SHARED = new UserAgents();
    }
}
