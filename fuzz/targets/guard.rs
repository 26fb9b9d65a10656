//! Fuzzes the guard in front of the GraphQL parser.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::guard(bytes));
