//! Flows through the window that change shortcuts, keys of labels and the schema.
