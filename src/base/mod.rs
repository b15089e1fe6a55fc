//! Floor 0: what every floor may use; knows nothing of articles.

pub mod child;
pub mod disk;
pub mod env;
pub mod error;
pub mod foreign;
pub mod frame;
pub mod fence;
pub mod job;
pub mod limits;
pub mod names;
