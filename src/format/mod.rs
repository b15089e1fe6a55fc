//! Floor 5: outside formats. One file each, one row in [`FORMATS`].
