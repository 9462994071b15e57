package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep.Currency;
import java.math.BigDecimal;
import java.util.Locale;

/** The step {@code currency}: an amount times the rate of its currency, in decimal arithmetic, nothing rounded. */
final class CurrencyStep implements FieldStep {
    private final Currency declared;
    private final Rates rates;

    private CurrencyStep(Currency declared, Rates rates) {
        this.declared = declared;
        this.rates = rates;
    }

    static CurrencyStep of(Currency declared, Lookups lookups) {
        if (declared.lookup().isEmpty()) {
            return new CurrencyStep(
                    declared, (currency, notes) -> declared.rates().get(currency));
        }
        String name = declared.lookup().get();
        return new CurrencyStep(declared, new LookupRates(name, lookups.get(name)));
    }

    @Override
    public Object apply(Object value, JoinedView event, RowNotes notes) throws BadValueException {
        BigDecimal amount = ValueTypes.amount(value, "step currency");
        if (amount == null) {
            return null;
        }
        String currency = currency(event);
        if (currency.equals(declared.to())) {
            return amount;
        }
        BigDecimal rate = rates.of(currency, notes);
        if (rate == null) {
            throw new BadValueException(
                    "step currency has no rate from " + ValueTypes.show(currency) + " to " + declared.to()
                            + declared.lookup().map(l -> ", in lookup " + l).orElse(""));
        }
        return amount.multiply(rate);
    }

    private String currency(JoinedView event) throws BadValueException {
        Object named = event.value(declared.from().stream(), declared.from().field());
        String code = named == null ? "" : CleaningSteps.trim(ValueTypes.text(named));
        if (code.isEmpty()) {
            return declared.otherwise()
                    .orElseThrow(() -> new BadValueException("step currency finds none in field "
                            + declared.from().field() + " of stream "
                            + declared.from().stream() + "; otherwise can say what it is then"));
        }
        return code.toUpperCase(Locale.ROOT);
    }

    /** What one unit of a currency is worth; null if that is not known. */
    @FunctionalInterface
    private interface Rates {
        BigDecimal of(String currency, RowNotes notes) throws BadValueException;
    }

    private record LookupRates(String name, LiveLookup lookup) implements Rates {
        @Override
        public BigDecimal of(String currency, RowNotes notes) throws BadValueException {
            String found = lookup.find(currency);
            if (found == null) {
                notes.miss(name);
                return null;
            }
            BigDecimal rate = NumberText.plain(found.strip());
            if (rate == null || rate.signum() <= 0) {
                throw new BadValueException("step currency takes rates above 0, and lookup " + name + " has "
                        + ValueTypes.show(found) + " for " + currency);
            }
            return rate;
        }
    }
}
