//! Fuzzes spreadsheets of volunteers and roles.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::table(bytes));
