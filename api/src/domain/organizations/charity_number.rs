//! Registration numbers of charities: nine digits of the business number, `RR`, four digits of the account.
//!
//! The ninth digit checks the eight before it by the Luhn formula (ISO/IEC 7812-1, annex B). That a number is well
//! formed says nothing about whether it exists: coordinators look it up.

use crate::error::{Code, Violation};

/// The number as it is stored, such as `119219814RR0001`; spaces and hyphens do not count, letters may be small.
///
/// # Errors
/// A violation at `field` that says what is wrong.
pub fn parse(text: &str, field: &str) -> Result<String, Violation> {
    let plain: String = text
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-')
        .map(|character| character.to_ascii_uppercase())
        .collect();
    let is_digits = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_formed = plain
        .split_once("RR")
        .is_some_and(|(business, account)| is_digits(business, 9) && is_digits(account, 4));
    if !is_formed {
        return Err(Violation::new(
            Code::Invalid,
            field,
            "A charity's registration number has nine digits, RR and four digits, such as 123456782RR0001.",
            "Le numéro d’enregistrement d’un organisme de bienfaisance compte neuf chiffres, RR et quatre chiffres, comme 123456782RR0001.",
        ));
    }
    if !has_check_digit(plain.get(..9).unwrap_or_default()) {
        return Err(Violation::new(
            Code::Invalid,
            field,
            "The first nine digits do not fit together; look for a mistyped or swapped digit.",
            "Les neuf premiers chiffres ne concordent pas; cherchez un chiffre mal saisi ou interverti.",
        ));
    }
    Ok(plain)
}

fn has_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_stored_in_one_form() {
        for text in [
            "123456782RR0001",
            " 12345 6782 rr 0001 ",
            "123456782-RR-0001",
        ] {
            assert_eq!(
                parse(text, "charityNumber"),
                Ok("123456782RR0001".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn other_forms_are_refused_at_their_field() {
        for text in [
            "",
            "123456782",
            "12345678RR0001",
            "1234567823RR0001",
            "123456782RR001",
            "123456782RR00011",
            "123456782RT0001",
            "12345678XRR0001",
            "١٢٣٤٥٦٧٨٢RR0001",
        ] {
            let violation = parse(text, "charityNumber").unwrap_err();
            assert_eq!(violation.field, "charityNumber", "{text}");
            assert_eq!(violation.code, Code::Invalid, "{text}");
        }
    }

    #[test]
    fn one_wrong_digit_is_found() {
        for index in 0..9 {
            let mut digits = *b"123456782";
            digits[index] = if digits[index] == b'9' {
                b'0'
            } else {
                digits[index] + 1
            };
            let text = format!("{}RR0001", String::from_utf8_lossy(&digits));
            assert!(parse(&text, "charityNumber").is_err(), "{text}");
        }
    }
}
