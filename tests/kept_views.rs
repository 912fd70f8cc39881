//! A server keeps the temporary views of a report on its connection for the next report. No report must see what an earlier one chose.

use proptest::prelude::*;
use recip::model::{Day, Sign};
use recip::report::{Lens, Pair, Selection, balance, collect, timeline, unanswered};
use recip::{Ledger, Result};

use crate::arithmetic::FIRST_DAY;
use crate::generated_exchanges::{grown, moves};
use crate::support::config;

const PAIRS: [Option<(&str, &str)>; 5] = [None, Some(("USA", "RUS")), Some(("RUS", "EU")), Some(("GBR", "RUS")), Some(("USA", "nobody"))];

fn selections() -> impl Strategy<Value = Vec<Selection>> {
    let one = (0..PAIRS.len(), prop::option::of(0..120i64), any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        |(pair, days, is_narrow, is_suggested)| Selection {
            pair: PAIRS[pair].map(|(a, b)| Pair::Both(a.to_owned(), b.to_owned())),
            as_of: days.map(|days| Day(FIRST_DAY + days)),
            kinds: is_narrow.then(|| "expulsion".to_owned()).into_iter().collect(),
            with_suggested: is_suggested.then(|| "0.5".parse().unwrap()),
            ..Selection::default()
        },
    );
    prop::collection::vec(one, 2..12)
}

/// What the reports say; an error if the selection names a party that does not exist.
fn reports(ledger: &Ledger, selection: &Selection) -> Result<String> {
    let lens = Lens::new(ledger, selection)?;
    let balance = collect(|each| balance::read(&lens, each))?;
    let open = collect(|each| unanswered::read(&lens, Sign::Hostile, each))?;
    let timeline = collect(|each| timeline::read(&lens, each))?;
    Ok(format!("{balance:?}\n{open:?}\n{timeline:?}"))
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn a_report_is_that_of_a_fresh_connection(moves in moves(), selections in selections()) {
        let (kept, fresh) = (grown(&moves, false), grown(&moves, false));
        kept.keep_views();
        let open = |ledger: &Ledger| ledger.connection().query_row("SELECT count(*) FROM unanswered", [], |r| r.get::<_, i64>(0)).unwrap();
        let all = open(&fresh);
        for (n, selection) in selections.iter().enumerate() {
            let [kept_says, fresh_says] = [&kept, &fresh].map(|ledger| reports(ledger, selection).map_err(|e| e.to_string()));
            prop_assert_eq!(kept_says, fresh_says);
            // Whoever reads without a lens sees the whole ledger.
            if n % 3 == 0 {
                prop_assert_eq!(open(&kept), all);
            }
        }
    }
}
