package dev.adpipe.output;

import dev.adpipe.schemas.payload.FieldPath;

/** What a customer's transform may look like: changes, adds and drops fields, looks into payloads, and can fail. */
public final class TidyTransform implements RowTransform {
    @Override
    public String name() {
        return "tidy";
    }

    @Override
    public void apply(Row row, JoinedView view) {
        if ("explode".equals(row.get("campaign"))) {
            throw new IllegalStateException("cannot tidy this one");
        }
        if ("nan".equals(row.get("campaign"))) {
            row.set("bad", Double.NaN);
        }
        row.set("campaign", row.get("campaign") + "!");
        row.set("referrer", view.value("click", FieldPath.parse("ref")));
        row.set("ordinal", (long) view.ordinal());
        row.set(
                "seen",
                String.join("+", view.streams()) + " " + view.joinKey() + " " + view.trigger() + " "
                        + view.id("impression").orElse("-") + " "
                        + view.id("click").orElse("-") + " "
                        + view.time("impression").orElse(-1) + " "
                        + view.time("click").orElse(-1));
        row.drop("position");
    }
}
