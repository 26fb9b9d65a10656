//! Reports of mail servers.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::mail_report(bytes));
