//! Plain data with validating constructors.
