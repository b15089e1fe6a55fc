//! Floor 4: bytes → characters → blocks. Never fails; says what was unsure.

pub mod encoding;
pub mod html;
pub mod plain;

mod codepages;
mod legacy;
