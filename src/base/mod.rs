//! Floor 0: what every floor may use; knows nothing of articles.

pub mod disk;
pub mod env;
pub mod error;
pub mod fence;
pub mod job;
