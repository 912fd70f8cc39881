//! The dates of a sheet: how a cell is read, in which order of day, month and year those of a column are, and which year they have.

mod cells;
mod columns;
mod typed_years;
mod years;

pub use cells::DateOrder;
pub(in crate::read) use cells::{Dates, deadline_in_words};
pub(super) use cells::{deadline, is_date, is_day, is_plainly_without_year, is_without_year, of_parts};
pub(super) use columns::{check_order, decide_dates, forget_other_year, order_of_map, overrule};
pub(super) use typed_years::typed_year;
pub(super) use years::Years;
