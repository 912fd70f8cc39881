//! Sources and quantities have tables of their own in a package: a row there must not replace in silence what another row said.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What the rows of a package said so far of the sources and the quantities of actions. Both are kept as digests, since there may be millions.
#[derive(Debug, Default)]
pub(super) struct GivenOnce(HashMap<u64, u64>);

impl GivenOnce {
    /// Notes what a row says of a source or a quantity of an action. Returns false if an earlier row said something else of it.
    pub fn agrees(&mut self, of: impl Hash, says: impl Hash) -> bool {
        let says = digest(says);
        *self.0.entry(digest(of)).or_insert(says) == says
    }
}

fn digest(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
