//! The rule of settlement as a slow and plain computation, against which the schema and the library are tested.
//!
//! It uses only the types `Stage`, `Sign` and `Relation` of the library and none of its arithmetic. It settles the links in the order of
//! the rule, adds up what it needs from the links before, and changes two numbers of each act: the amounts that stand and that are open.

use recip::model::{Relation, Sign, Stage};

/// One act, as entered.
#[derive(Debug, Clone)]
pub struct Act {
    pub reference: String,
    /// The earliest day of its date.
    pub day: i64,
    pub actor: String,
    pub target: String,
    pub unit: String,
    pub sign: Sign,
    pub count: Option<i64>,
    pub stage: Stage,
    pub voided: bool,
}

/// One link, as entered. The acts are given by their index in the list.
#[derive(Debug, Clone)]
pub struct Link {
    pub later: usize,
    pub relation: Relation,
    pub earlier: usize,
    pub stated: Option<i64>,
    pub stated_spends: Option<i64>,
}

/// The amounts of an act after all links have been settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub stands: i64,
    pub open: i64,
}

/// The amounts that a link settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    pub day: i64,
    pub covers: i64,
    pub spends: i64,
    pub takes: i64,
    pub reinstated: i64,
    /// False if a stated amount found too little to settle.
    pub fits: bool,
}

impl Act {
    /// The amount of the act: its count, or 1 if the count is unknown or the act is neutral.
    fn amount(&self) -> i64 {
        if self.sign == Sign::Neutral { 1 } else { self.count.unwrap_or(1) }
    }

    /// True if the other side can answer the act. This does not take into account whether the act is voided.
    fn opens_a_claim(&self) -> bool {
        self.stage != Stage::Threatened && self.sign != Sign::Neutral
    }
}

/// Settles all links. `belongs(party, whole, day)` is true if a party is a member of another on a day. The results are in the order of the
/// arguments.
pub fn settle(acts: &[Act], links: &[Link], belongs: impl Fn(&str, &str, i64) -> bool) -> (Vec<Left>, Vec<Settled>) {
    let left = |act: &Act| match act.voided {
        true => Left { stands: 0, open: 0 },
        false => Left { stands: act.amount(), open: if act.opens_a_claim() { act.amount() } else { 0 } },
    };
    let mut left: Vec<Left> = acts.iter().map(left).collect();
    let day = |link: &Link| acts[link.later].day.max(acts[link.earlier].day);
    let untouched = |link: &Link| Settled { day: day(link), covers: 0, spends: 0, takes: 0, reinstated: 0, fits: true };
    let mut settled: Vec<Settled> = links.iter().map(untouched).collect();

    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|&n| {
        let link = &links[n];
        let (later, earlier) = (&acts[link.later], &acts[link.earlier]);
        let relation = match link.relation {
            Relation::Executes => 0,
            Relation::Reverses => 1,
            Relation::Answers if link.stated.is_some() => 2,
            Relation::Waives => 3,
            Relation::Answers if later.unit == earlier.unit => 4,
            Relation::Answers => 5,
            Relation::Extends => 6,
            Relation::Renews => 7,
        };
        (day(link), relation, earlier.day, later.reference.as_bytes(), earlier.reference.as_bytes())
    });

    for n in order {
        let link = &links[n];
        let (later, earlier) = (&acts[link.later], &acts[link.earlier]);
        if later.voided || earlier.voided {
            continue;
        }
        let (later_left, earlier_left) = (left[link.later], left[link.earlier]);
        let both_counted = later.count.is_some() && earlier.count.is_some();
        let (mut covers, mut spends, mut takes) = (0, 0, 0);
        match link.relation {
            Relation::Answers => {
                let injured = later.actor == earlier.target || belongs(&later.actor, &earlier.target, earlier.day);
                let asked = link.stated.unwrap_or(i64::MAX).min(earlier_left.open);
                if later.sign != earlier.sign || later.stage == Stage::Threatened || !injured {
                    // It settles nothing.
                } else if later.unit == earlier.unit && both_counted {
                    covers = asked.min(later_left.open);
                    spends = covers;
                } else if later_left.open > 0 || link.stated_spends == Some(0) {
                    covers = asked;
                    spends = if covers == 0 { 0 } else { link.stated_spends.unwrap_or(i64::MAX).min(later_left.open) };
                }
            }
            Relation::Waives => {
                // A waiver that was itself reversed no longer waives.
                if later_left.stands > 0 {
                    covers = earlier_left.open;
                }
            }
            Relation::Extends => (),
            Relation::Renews => {
                // What still stands goes on; only what the renewal adds to it is a claim.
                if earlier.stage != Stage::Threatened && earlier_left.stands > 0 {
                    spends = if both_counted { later_left.open.min(earlier_left.stands) } else { later_left.open };
                }
            }
            Relation::Reverses => {
                // A threat cannot reverse an act that was done or announced.
                if later.stage != Stage::Threatened || !earlier.opens_a_claim() {
                    takes = link.stated.unwrap_or(i64::MAX).min(earlier_left.stands);
                    covers = takes.min(earlier_left.open);
                }
            }
            Relation::Executes if earlier.stage == Stage::Threatened => takes = earlier_left.stands,
            Relation::Executes => {
                takes = earlier_left.stands;
                if both_counted {
                    // An act carries out at most its own count, over all its announcements together.
                    let carried_out: i64 = (0..links.len())
                        .filter(|&o| links[o].relation == Relation::Executes && links[o].later == link.later)
                        .filter(|&o| acts[links[o].earlier].stage == Stage::Announced)
                        .map(|o| settled[o].takes)
                        .sum();
                    takes = takes.min((later.count.unwrap_or(1) - carried_out).max(0));
                }
                // The settled part of the announcement is taken over first.
                let already_settled = takes.min((earlier_left.stands - earlier_left.open).max(0));
                covers = (takes - already_settled).min(earlier_left.open);
                if both_counted {
                    spends = already_settled.min(later_left.open);
                } else if earlier_left.open == 0 && already_settled > 0 {
                    spends = later_left.open;
                }
            }
        }
        left[link.earlier].open -= covers;
        left[link.earlier].stands -= takes;
        left[link.later].open -= spends;
        settled[n] = Settled { covers, spends, takes, ..settled[n] };

        // If a waiver is reversed, the waived amount is open again, except for what was reversed of that act in the meantime.
        if link.relation == Relation::Reverses && takes > 0 {
            for w in 0..links.len() {
                if links[w].relation != Relation::Waives || links[w].later != link.earlier {
                    continue;
                }
                let claim = links[w].earlier;
                let onto = |relation| (0..links.len()).filter(move |&o| links[o].relation == relation && links[o].earlier == claim);
                let waived: i64 = onto(Relation::Waives).map(|o| settled[o].covers - settled[o].reinstated).sum();
                let undone: i64 = onto(Relation::Reverses).map(|o| settled[o].takes - settled[o].covers).sum();
                let reinstated = settled[w].covers.min(waived - undone).max(0);
                settled[w].reinstated = reinstated;
                left[claim].open += reinstated;
            }
        }
        let amount = if link.relation == Relation::Reverses { takes } else { covers };
        settled[n].fits = link.stated.is_none_or(|stated| stated == amount) && link.stated_spends.is_none_or(|stated| stated == spends);
    }
    (left, settled)
}
