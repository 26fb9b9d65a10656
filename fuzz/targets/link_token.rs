//! Fuzzes tokens of links in mails.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::link_token(bytes));
