//! How much may be done for a file that nobody trusts: so much for each page, so much for all of them.

/// What may still be spent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    /// For each page, at most.
    each: usize,
    /// For all that is still to come.
    whole: usize,
    /// For this page.
    left: usize,
    /// Something was not done since it would have cost too much.
    short: bool,
}

impl Allowance {
    /// Until the first page begins, everything may be spent.
    pub(super) fn new(each: usize, whole: usize) -> Self {
        Self { each, whole, left: whole, short: false }
    }

    /// A page begins: what the one before took, however much, is not missing here.
    pub(super) fn renew(&mut self) {
        self.left = self.each.min(self.whole);
        self.short = false;
    }

    /// What may be spent at once.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Spends as much, or whatever is left.
    pub(super) fn spend(&mut self, cost: usize) {
        self.left = self.left.saturating_sub(cost);
        self.whole = self.whole.saturating_sub(cost);
    }

    /// Spends as much; false where there is not enough.
    pub(super) fn afford(&mut self, cost: usize) -> bool {
        let enough = self.left >= cost;
        self.short |= !enough;
        if enough {
            self.spend(cost);
        }
        enough
    }

    /// Something cannot be paid.
    pub(super) fn refuse(&mut self) {
        self.short = true;
    }

    /// Whether something was not done on this page.
    pub(super) fn is_short(&self) -> bool {
        self.short
    }
}
