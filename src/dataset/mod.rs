//! Floor 4: what exporters see, and what is counted.

pub mod example;
pub mod loss;
pub mod stats;
pub mod tokens;
