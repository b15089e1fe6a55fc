//! Floor 4: how datasets are made, what exporters see, and what is counted.
//!
//! A [`recipe`] says what a person chose. Examples then go through [`select`], [`clean`], [`sentence`] and [`soft`];
//! [`split`] divides articles, [`make`] walks over all of it, and [`card`] says what came of it.

pub mod agreement;
pub mod ahead;
pub mod card;
pub mod clean;
pub mod example;
pub mod flat;
pub mod loss;
pub mod make;
pub mod near;
pub mod part;
pub mod recipe;
mod rules;
pub mod select;
pub mod sentence;
pub mod soft;
pub mod split;
pub mod stats;
pub mod tokens;
