//! Fuzzes access tokens.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::access_token(bytes));
