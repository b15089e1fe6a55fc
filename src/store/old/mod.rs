//! How former versions stored things: one file each, frozen.

pub mod v1;
