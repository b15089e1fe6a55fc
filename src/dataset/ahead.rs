//! Making examples on one core while another one writes those before.

use std::sync::mpsc::sync_channel;

/// So many are handed over at once: handing over costs more than a small example.
const AT_ONCE: usize = 32;
/// So many handfuls wait at most, so that memory does not grow where writing is slower.
const WAITING: usize = 4;

/// Gives `take` the items in their order, while the next ones are made on another thread.
pub fn ahead<T: Send, R>(
    items: impl Iterator<Item = T> + Send,
    take: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> R {
    let (give, receive) = sync_channel(WAITING);
    std::thread::scope(|scope| {
        let mut items = items;
        scope.spawn(move || {
            loop {
                let some: Vec<T> = items.by_ref().take(AT_ONCE).collect();
                let last = some.len() < AT_ONCE;
                // Whoever takes them may have enough.
                if give.send(some).is_err() || last {
                    break;
                }
            }
        });
        take(&mut receive.into_iter().flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_number_stay_and_nobody_waits_for_who_has_enough() {
        for count in [0, 1, AT_ONCE - 1, AT_ONCE, 10 * AT_ONCE + 1] {
            assert_eq!(ahead(0..count, |items| items.collect::<Vec<_>>()), (0..count).collect::<Vec<_>>());
        }
        assert_eq!(ahead(0.., |items| items.take(100).sum::<usize>()), 4950);
    }
}
