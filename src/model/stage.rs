//! The stage of an act, and the sign of a kind.

use super::word_enum::word_enum;

word_enum! {
    /// The stage of an act.
    pub enum Stage: "stage" {
        /// The actor said that it may happen. It opens no claim.
        Threatened = "threatened",
        /// It is decided but not yet in force.
        Announced = "announced",
        /// It happened.
        Done = "done",
    }
}

word_enum! {
    /// The sign of a kind of act.
    pub enum Sign: "sign" {
        /// It harms the target: it opens a claim that a hostile act answers.
        Hostile = "hostile",
        /// It favours the target: it opens a claim that a friendly act returns.
        Friendly = "friendly",
        /// It does neither and opens no claim. Only a neutral act can waive a claim.
        Neutral = "neutral",
    }
}
