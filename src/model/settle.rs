//! The rule of settlement: how much each link settles, in the order of the days, whatever the order of entry.
//!
//! `schema.sql` contains the same rule in SQL, in the views `link_terms` and `link_amounts`; a test compares the two. The code here works
//! on a [`Book`] in memory. It is used to load files, check a ledger, rebuild a past state and add suggested answers.

use std::collections::HashMap;

use crate::model::link::Relation;
use crate::model::stage::{Sign, Stage};

/// Takes the place of an act that is not in the book. A link to such an act was settled earlier, and its amounts stay as they are.
pub const OUTSIDE: u32 = u32::MAX;

/// An act: the facts that settlement depends on, and the amounts derived from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledAct {
    /// The first day of its date. The act counts from this day.
    pub day: i32,
    /// The last day of its date.
    pub latest: i32,
    /// Who acted, as a number that the user of the book assigns.
    pub actor: u16,
    /// Against whom or, for a friendly act, towards whom.
    pub target: u16,
    /// The kind of act: an index into [`Book::kinds`].
    pub kind: u16,
    /// Its stage.
    pub stage: Stage,
    /// True if the act states a deadline.
    pub deadline: bool,
    /// True if the act was voided: its links settle nothing.
    pub voided: bool,
    /// How many, in the kind's unit; 0 means that the count is unknown.
    pub count: u32,
    /// Derived: how much of it is neither reversed nor carried out by another act.
    pub stands: u32,
    /// Derived: how much of its claim is open.
    pub open: u32,
    /// Derived: the day of its latest posting.
    pub posted_day: i32,
}

/// A link: the facts, and the amounts derived from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledLink {
    /// The later act: an index into [`Book::acts`], or [`OUTSIDE`].
    pub later: u32,
    /// The earlier act: an index into [`Book::acts`], or [`OUTSIDE`].
    pub earlier: u32,
    /// How the later act relates to the earlier one.
    pub relation: Relation,
    /// How much of the earlier act is settled, in the earlier act's unit, if somebody stated it.
    pub stated: Option<u32>,
    /// How much of the later act is used up by that, in the later act's unit, if somebody stated it.
    pub stated_spends: Option<u32>,
    /// The day the link takes effect, which is the later of the two acts' days.
    pub day: i32,
    /// True if the link took effect before all links that are settled now. Its amounts do not change.
    pub fixed: bool,
    /// Derived: what the link settles.
    pub amounts: Amounts,
}

/// What a link settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    /// How much of the earlier act's claim it closes, in the earlier act's unit.
    pub covers: u32,
    /// How much of the later act's claim it uses up, in the later act's unit.
    pub spends: u32,
    /// How much of what stands of the earlier act it undoes (a reversal) or carries out (an execution).
    pub takes: u32,
    /// For a waiver that was reversed: how much of the earlier act's claim is open again.
    pub reinstated: u32,
}

/// A kind of act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The unit of its counts, as a number.
    pub unit: u16,
    /// Its sign.
    pub sign: Sign,
}

/// The members of organisations, with the first and the last day of each period of membership.
#[derive(Debug, Clone, Default)]
pub struct Members(HashMap<(u16, u16), Vec<(i32, i32)>>);

/// The rule that a link between two acts breaks. Amounts play no part in these rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The act is linked to itself.
    Itself,
    /// The links form a circle.
    Circle,
    /// The later act is certainly earlier than the act that it is linked to.
    Earlier,
    /// An answer or a waiver is not aimed at the actor of the earlier act.
    Aim,
    /// A waiver does not come from the injured party.
    NotInjured,
    /// A waiver is not a neutral act.
    NotNeutral,
    /// An execution, a reversal, an extension or a renewal concerns another party's act, or an act towards another target.
    NotOwn,
    /// The act to be extended is done and has no deadline.
    NoDeadline,
    /// The act to be executed is already done.
    NotPending,
    /// The executing act is not at a later stage than the act that it executes.
    NoFurther,
    /// The act that executes or renews the earlier one has another sign.
    OtherSign,
    /// The act that executes an announcement, or renews an act, has another unit.
    OtherUnit,
}

/// A link whose stated amounts are larger than what was left to settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// The link: an index into [`Book::links`].
    pub link: u32,
    /// What was left of the earlier act at its turn: what was open or, for a reversal, what stood.
    pub earlier_left: u32,
    /// What was left of the later act's claim.
    pub later_left: u32,
}

/// Acts and links, with the kinds and memberships that settlement depends on.
#[derive(Debug, Default)]
pub struct Book {
    /// The acts.
    pub acts: Vec<SettledAct>,
    /// The links between them.
    pub links: Vec<SettledLink>,
    /// The kinds. [`SettledAct::kind`] is an index into them.
    pub kinds: Vec<Kind>,
    /// The members of organisations.
    pub members: Members,
}

impl Members {
    /// Adds a period of membership, from its first to its last day.
    pub fn add(&mut self, organisation: u16, member: u16, since: i32, until: i32) {
        self.0.entry((organisation, member)).or_default().push((since, until));
    }

    /// True if `party` is `organisation`, or was a member of it on `day`.
    pub fn belongs(&self, party: u16, organisation: u16, day: i32) -> bool {
        party == organisation
            || self
                .0
                .get(&(organisation, party))
                .is_some_and(|periods| periods.iter().any(|(since, until)| (*since..=*until).contains(&day)))
    }
}

impl SettledAct {
    /// True if the act opens a claim: it is announced or done, hostile or friendly, and not voided.
    pub fn claims(&self, sign: Sign) -> bool {
        self.stage != Stage::Threatened && sign != Sign::Neutral && !self.voided
    }

    /// The amount of the act: its count, or 1 for an unknown count and for a neutral act, which are settled whole or not at all.
    pub fn amount(&self, sign: Sign) -> u32 {
        if sign == Sign::Neutral || self.count == 0 { 1 } else { self.count }
    }
}

impl SettledLink {
    /// A link between two acts that is not settled yet.
    pub fn new(later: u32, relation: Relation, earlier: u32) -> SettledLink {
        SettledLink { later, earlier, relation, stated: None, stated_spends: None, day: 0, fixed: false, amounts: Amounts::default() }
    }

    /// The part of the stated amounts that could not be settled; 0 if no amount was stated.
    pub fn unmet(&self) -> u32 {
        let settled = if self.relation == Relation::Reverses { self.amounts.takes } else { self.amounts.covers };
        let missing = |stated: Option<u32>, settled: u32| stated.map_or(0, |stated| stated.abs_diff(settled));
        missing(self.stated, settled).saturating_add(missing(self.stated_spends, self.amounts.spends))
    }
}

impl Book {
    /// The act at this index.
    pub fn act(&self, place: u32) -> &SettledAct {
        &self.acts[place as usize]
    }

    /// The kind of an act.
    pub fn kind(&self, act: &SettledAct) -> Kind {
        self.kinds[usize::from(act.kind)]
    }

    /// True if neither act of the link was voided.
    pub fn lives(&self, link: &SettledLink) -> bool {
        [link.later, link.earlier].into_iter().all(|place| place == OUTSIDE || !self.act(place).voided)
    }

    /// True if the later act comes from the target of the earlier one, or from a party that was a member of it on the earlier act's day.
    pub fn injured(&self, link: &SettledLink) -> bool {
        let (later, earlier) = (self.act(link.later), self.act(link.earlier));
        self.members.belongs(later.actor, earlier.target, earlier.day)
    }

    /// The rule that the link breaks, apart from circles. Amounts play no part in it.
    pub fn breach(&self, link: &SettledLink) -> Option<Breach> {
        let (later, earlier) = (self.act(link.later), self.act(link.earlier));
        let (kind, earlier_kind) = (self.kind(later), self.kind(earlier));
        if link.later == link.earlier {
            return Some(Breach::Itself);
        }
        if later.latest < earlier.day {
            return Some(Breach::Earlier);
        }
        let aims = || self.members.belongs(later.target, earlier.actor, earlier.day);
        let own = (later.actor, later.target) == (earlier.actor, earlier.target);
        match link.relation {
            Relation::Answers | Relation::Waives if !aims() => Some(Breach::Aim),
            Relation::Answers => None,
            Relation::Waives if !self.injured(link) => Some(Breach::NotInjured),
            Relation::Waives if kind.sign != Sign::Neutral || later.stage == Stage::Threatened => Some(Breach::NotNeutral),
            Relation::Waives => None,
            Relation::Executes | Relation::Reverses | Relation::Extends | Relation::Renews if !own => Some(Breach::NotOwn),
            Relation::Renews if kind.sign != earlier_kind.sign => Some(Breach::OtherSign),
            Relation::Renews if kind.unit != earlier_kind.unit => Some(Breach::OtherUnit),
            Relation::Renews => None,
            Relation::Reverses => None,
            Relation::Extends if earlier.stage == Stage::Done && !earlier.deadline => Some(Breach::NoDeadline),
            Relation::Extends => None,
            Relation::Executes if earlier.stage == Stage::Done => Some(Breach::NotPending),
            Relation::Executes if later.stage <= earlier.stage => Some(Breach::NoFurther),
            Relation::Executes if kind.sign != earlier_kind.sign => Some(Breach::OtherSign),
            Relation::Executes if earlier.stage == Stage::Announced && kind.unit != earlier_kind.unit => Some(Breach::OtherUnit),
            Relation::Executes => None,
        }
    }

    /// The indices of the links that are part of a circle or lie on a path between two circles.
    pub fn circles(&self) -> Vec<usize> {
        // If every link goes from a later day to an earlier one, there is no circle.
        if self.links.iter().all(|l| self.act(l.earlier).day < self.act(l.later).day) {
            return Vec::new();
        }
        let mut left = vec![true; self.links.len()];
        // An act without incoming or without outgoing links is on no circle: remove the links of such acts until there are no more.
        for down in [true, false] {
            let ends = |link: &SettledLink| {
                if down { (link.later as usize, link.earlier as usize) } else { (link.earlier as usize, link.later as usize) }
            };
            let mut degree = vec![0_u32; self.acts.len()];
            let mut from: Vec<usize> = (0..self.links.len()).filter(|i| left[*i]).collect();
            from.iter().for_each(|i| degree[ends(&self.links[*i]).1] += 1);
            from.sort_unstable_by_key(|i| ends(&self.links[*i]).0);
            let mut free: Vec<usize> = (0..degree.len()).filter(|act| degree[*act] == 0).collect();
            while let Some(act) = free.pop() {
                let begin = from.partition_point(|i| ends(&self.links[*i]).0 < act);
                for place in from[begin..].iter().copied().take_while(|i| ends(&self.links[*i]).0 == act) {
                    left[place] = false;
                    let next = ends(&self.links[place]).1;
                    degree[next] -= 1;
                    if degree[next] == 0 {
                        free.push(next);
                    }
                }
            }
        }
        (0..left.len()).filter(|i| left[*i]).collect()
    }

    /// Settles every link that is not fixed, in the order of the rule, and sets the derived amounts of every act. `reference` returns
    /// the ref of the act at an index; refs order the links that are otherwise equal. Returns the links whose stated amounts are too large.
    ///
    /// # Errors
    /// The errors of `reference`.
    pub fn settle<E>(&mut self, reference: &mut dyn FnMut(u32) -> Result<String, E>) -> Result<Vec<Shortage>, E> {
        for place in 0..self.acts.len() {
            let sign = self.kind(&self.acts[place]).sign;
            let act = &mut self.acts[place];
            act.stands = if act.voided { 0 } else { act.amount(sign) };
            act.open = if act.claims(sign) { act.stands } else { 0 };
            act.posted_day = act.day;
        }
        let mut tally = RunningTotals::default();
        for place in 0..self.links.len() {
            let link = &self.links[place];
            if link.fixed {
                self.post(place as u32, &mut tally);
            } else {
                self.links[place].day = self.act(link.later).day.max(self.act(link.earlier).day);
                self.links[place].amounts = Amounts::default();
            }
        }
        let mut shortages = Vec::new();
        for place in self.in_order(reference)? {
            let mut link = self.links[place as usize];
            link.amounts = self.amounts(&link, &tally);
            if link.unmet() > 0 {
                let (earlier, later) = (self.act(link.earlier), self.act(link.later));
                let left = if link.relation == Relation::Reverses { earlier.stands } else { earlier.open };
                shortages.push(Shortage { link: place, earlier_left: left, later_left: later.open });
            }
            self.links[place as usize] = link;
            self.post(place, &mut tally);
            self.reinstate(place, &mut tally);
        }
        Ok(shortages)
    }

    /// Adds an answer that is settled after all other links of the book; `None` if it would settle nothing or breaks a rule.
    pub fn answer(&mut self, later: u32, earlier: u32) -> Option<SettledLink> {
        let place = self.add_answer(later, earlier);
        let settled = self.settle_answer(place);
        if settled.is_none() {
            self.links.pop();
        }
        settled
    }

    /// Adds answers to a book without links and settles them in the order of the rule. Returns those that settle something, each with
    /// its position in `pairs`, which are the later and the earlier act. `reference` is as for [`Book::settle`].
    ///
    /// # Errors
    /// The errors of `reference`.
    pub fn answer_all<E>(
        &mut self,
        pairs: &[(u32, u32)],
        reference: &mut dyn FnMut(u32) -> Result<String, E>,
    ) -> Result<Vec<(usize, SettledLink)>, E> {
        for (later, earlier) in pairs {
            self.add_answer(*later, *earlier);
        }
        let order = self.in_order(reference)?;
        Ok(order.into_iter().filter_map(|place| Some((place as usize, self.settle_answer(place)?))).collect())
    }

    fn add_answer(&mut self, later: u32, earlier: u32) -> u32 {
        let day = self.act(later).day.max(self.act(earlier).day);
        self.links.push(SettledLink { day, ..SettledLink::new(later, Relation::Answers, earlier) });
        (self.links.len() - 1) as u32
    }

    /// Settles an answer with what is left; `None` if it settles nothing or breaks a rule.
    fn settle_answer(&mut self, place: u32) -> Option<SettledLink> {
        let mut link = self.links[place as usize];
        link.amounts = self.amounts(&link, &RunningTotals::default());
        if link.amounts.covers == 0 || self.breach(&link).is_some() {
            return None;
        }
        self.links[place as usize] = link;
        self.post(place, &mut RunningTotals::default());
        Some(link)
    }

    /// The indices of the links to settle, in the order of the rule.
    fn in_order<E>(&self, reference: &mut dyn FnMut(u32) -> Result<String, E>) -> Result<Vec<u32>, E> {
        let mut order: Vec<u32> = (0u32..).zip(&self.links).filter(|(_, l)| !l.fixed && self.lives(l)).map(|(place, _)| place).collect();
        let key = |place: u32| {
            let link = &self.links[place as usize];
            (link.day, self.rank(link), self.act(link.earlier).day)
        };
        order.sort_unstable_by_key(|place| (key(*place), *place));
        for equal in order.chunk_by_mut(|a, b| key(*a) == key(*b)).filter(|equal| equal.len() > 1) {
            // The refs matter only if two of the links share an act.
            let mut ends: Vec<u32> =
                equal.iter().flat_map(|place| [self.links[*place as usize].later, self.links[*place as usize].earlier]).collect();
            ends.sort_unstable();
            if ends.windows(2).all(|pair| pair[0] != pair[1]) {
                continue;
            }
            ends.dedup();
            let mut refs = HashMap::with_capacity(ends.len());
            for end in ends {
                refs.insert(end, reference(end)?);
            }
            equal.sort_unstable_by_key(|place| {
                let link = &self.links[*place as usize];
                (&refs[&link.later], &refs[&link.earlier], link.relation.as_str())
            });
        }
        Ok(order)
    }

    /// The order in a day: executions, reversals, answers with a stated amount, waivers, answers in the claim's own unit, other answers,
    /// renewals.
    fn rank(&self, link: &SettledLink) -> u8 {
        let same_unit = || self.kind(self.act(link.later)).unit == self.kind(self.act(link.earlier)).unit;
        match link.relation {
            Relation::Executes => 0,
            Relation::Reverses => 1,
            Relation::Answers if link.stated.is_some() => 2,
            Relation::Waives => 3,
            Relation::Answers if same_unit() => 4,
            Relation::Answers => 5,
            Relation::Extends => 6,
            Relation::Renews => 7,
        }
    }

    /// What a link settles, given what the previous links left.
    fn amounts(&self, link: &SettledLink, tally: &RunningTotals) -> Amounts {
        let (later, earlier) = (self.act(link.later), self.act(link.earlier));
        let (kind, earlier_kind) = (self.kind(later), self.kind(earlier));
        let counts_known = later.count > 0 && earlier.count > 0;
        match link.relation {
            Relation::Answers => {
                if kind.sign != earlier_kind.sign || later.stage == Stage::Threatened || !self.injured(link) {
                    return Amounts::default();
                }
                let wanted = link.stated.unwrap_or(u32::MAX).min(earlier.open);
                let (covers, spends) = if kind.unit == earlier_kind.unit && counts_known {
                    let covers = wanted.min(later.open);
                    (covers, covers)
                } else if later.open == 0 && link.stated_spends != Some(0) {
                    (0, 0)
                } else {
                    (wanted, link.stated_spends.unwrap_or(u32::MAX).min(later.open))
                };
                Amounts { covers, spends: if covers == 0 { 0 } else { spends }, ..Amounts::default() }
            }
            Relation::Waives => Amounts { covers: if later.stands > 0 { earlier.open } else { 0 }, ..Amounts::default() },
            Relation::Reverses => {
                // A threat to undo an act undoes nothing yet.
                if later.stage == Stage::Threatened && earlier.claims(earlier_kind.sign) {
                    return Amounts::default();
                }
                let takes = link.stated.unwrap_or(u32::MAX).min(earlier.stands);
                Amounts { covers: takes.min(earlier.open), takes, ..Amounts::default() }
            }
            Relation::Extends => Amounts::default(),
            Relation::Renews if earlier.stage == Stage::Threatened || earlier.stands == 0 => Amounts::default(),
            Relation::Renews => {
                Amounts { spends: if counts_known { later.open.min(earlier.stands) } else { later.open }, ..Amounts::default() }
            }
            Relation::Executes if earlier.stage == Stage::Threatened => Amounts { takes: earlier.stands, ..Amounts::default() },
            Relation::Executes => {
                let capacity = later.count.saturating_sub(tally.carried.get(&link.later).copied().unwrap_or(0));
                let takes = if counts_known { capacity.min(earlier.stands) } else { earlier.stands };
                let settled = earlier.stands.saturating_sub(earlier.open).min(takes);
                let spends = match counts_known {
                    true => settled.min(later.open),
                    false if earlier.open == 0 && settled > 0 => later.open,
                    false => 0,
                };
                Amounts { covers: (takes - settled).min(earlier.open), spends, takes, reinstated: 0 }
            }
        }
    }

    /// Posts what a link settles to its two acts.
    fn post(&mut self, place: u32, tally: &mut RunningTotals) {
        let SettledLink { later, earlier, relation, day, amounts: Amounts { covers, spends, takes, reinstated }, .. } =
            self.links[place as usize];
        let post = |act: &mut SettledAct, amount: u32| {
            act.open = act.open.saturating_sub(amount);
            act.posted_day = act.posted_day.max(day);
        };
        if earlier != OUTSIDE {
            let act = &mut self.acts[earlier as usize];
            if covers > 0 || takes > 0 {
                // One posting for both: fixed links are not in order, and what was reinstated may have been settled since.
                post(act, covers.saturating_sub(reinstated));
                act.stands = act.stands.saturating_sub(takes);
            }
            match relation {
                Relation::Waives => *tally.waived_of.entry(earlier).or_default() += i64::from(covers) - i64::from(reinstated),
                Relation::Reverses => *tally.waived_of.entry(earlier).or_default() -= i64::from(takes) - i64::from(covers),
                _ => (),
            }
        }
        if later != OUTSIDE {
            if spends > 0 {
                post(&mut self.acts[later as usize], spends);
            }
            match relation {
                Relation::Executes if takes > 0 && self.uses_capacity(earlier) => {
                    let carried = tally.carried.entry(later).or_default();
                    *carried = carried.saturating_add(takes);
                }
                Relation::Waives if covers > 0 => tally.waivers.entry(later).or_default().push(place),
                _ => (),
            }
        }
    }

    /// True if the executed act is an announcement, or is outside the book: what an execution takes of it then counts towards the capacity
    /// of the executing act.
    fn uses_capacity(&self, earlier: u32) -> bool {
        earlier == OUTSIDE || self.act(earlier).stage == Stage::Announced
    }

    /// If the link reverses a waiver, what was waived is open again, except for what was reversed of that act in the meantime.
    fn reinstate(&mut self, place: u32, tally: &mut RunningTotals) {
        let SettledLink { earlier: waiver, relation: Relation::Reverses, day, amounts: Amounts { takes: 1.., .. }, .. } =
            self.links[place as usize]
        else {
            return;
        };
        for waived in tally.waivers.get(&waiver).cloned().unwrap_or_default() {
            let link = &mut self.links[waived as usize];
            if link.earlier == OUTSIDE {
                continue;
            }
            let left = tally.waived_of.entry(link.earlier).or_default();
            let reinstated = u32::try_from(*left).unwrap_or(0).min(link.amounts.covers);
            link.amounts.reinstated = reinstated;
            *left -= i64::from(reinstated);
            let act = &mut self.acts[link.earlier as usize];
            act.open = act.open.saturating_add(reinstated);
            if reinstated > 0 {
                act.posted_day = act.posted_day.max(day);
            }
        }
    }
}

/// Running totals, over the links settled so far, of values that the acts do not store.
#[derive(Debug, Default)]
struct RunningTotals {
    /// How much of announcements each act has carried out.
    carried: HashMap<u32, u32>,
    /// How much of each act is waived and was not reversed since.
    waived_of: HashMap<u32, i64>,
    /// The waivers of each act that waives.
    waivers: HashMap<u32, Vec<u32>>,
}
