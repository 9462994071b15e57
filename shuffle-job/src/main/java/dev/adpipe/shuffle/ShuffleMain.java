package dev.adpipe.shuffle;

import dev.adpipe.runtime.JobMain;

/** {@code FILE [--instance NAME] [--containers N]}. */
public final class ShuffleMain {
    private ShuffleMain() {}

    public static void main(String[] args) {
        JobMain.main(new ShuffleStage(), args);
    }
}
