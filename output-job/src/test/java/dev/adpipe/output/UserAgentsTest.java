package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep.UserAgent.Part;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserAgentsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
                        + " Safari/537.36|Chrome, 131, Windows NT, null, Desktop, null",
                " Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                        + " Version/17.4 Mobile/15E148 Safari/604.1 |Safari, 17, iOS, 17, Phone, Apple",
                "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.144"
                        + " Mobile Safari/537.36|Chrome, 120, Android, 14, Phone, Samsung",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)|Googlebot, 2, Google Cloud, null,"
                        + " Robot, Google",
                "''|null, null, null, null, null, null"
            })
    void whatATextSays(String text, String parts) {
        assertThat(Stream.of(Part.values()).map(part -> UserAgents.shared().part(text, part)))
                .extracting(String::valueOf)
                .containsExactly(parts.split(", *"));
    }
}
