package dev.adpipe.shuffle;

import dev.adpipe.runtime.JobMain;

/** The shuffle job as a process of its own. */
public final class ShuffleMain {
    private ShuffleMain() {}

    /**
     * @param args see {@link JobMain#main}
     */
    public static void main(String[] args) {
        JobMain.main(new ShuffleStage(), args);
    }
}
