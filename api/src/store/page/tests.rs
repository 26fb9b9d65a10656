//! Pages cut out of a list in memory.

use super::*;

const KINDS: (KeyKind, KeyKind) = (KeyKind::Integer, KeyKind::Integer);

fn slice(all: &[i64], arguments: &PageArguments) -> (Vec<i64>, bool, bool) {
    let key = |number: &i64| (SortKey::Integer(*number / 10), SortKey::Integer(*number));
    let request = PageRequest::new("numbers", KINDS, arguments).unwrap();
    let page = request.slice(all.to_vec(), key);
    let items = page.items.into_iter().map(|(_, number)| number).collect();
    (items, page.has_previous, page.has_next)
}

fn cursor(number: i64) -> String {
    let (key, id) = (SortKey::Integer(number / 10), SortKey::Integer(number));
    let list = "numbers".to_owned();
    Cursor { list, key, id }.encode()
}

#[test]
fn a_page_in_memory_goes_on_from_its_place_whether_the_item_is_there_or_gone() {
    let after = |after, all: &[i64]| {
        let (first, after) = (Some(2), Some(cursor(after)));
        slice(
            all,
            &PageArguments {
                first,
                after,
                ..PageArguments::default()
            },
        )
    };
    assert_eq!(after(14, &[3, 14, 15, 27, 38]), (vec![15, 27], true, true));
    assert_eq!(after(14, &[3, 15, 27, 38]), (vec![15, 27], true, true));
    assert_eq!(after(14, &[15, 27]), (vec![15, 27], false, false));
    assert_eq!(after(40, &[15, 27]), (vec![], true, false));
    let before = |before, all: &[i64]| {
        let (last, before) = (Some(2), Some(cursor(before)));
        slice(
            all,
            &PageArguments {
                last,
                before,
                ..PageArguments::default()
            },
        )
    };
    assert_eq!(before(27, &[3, 14, 15, 27, 38]), (vec![14, 15], true, true));
    assert_eq!(before(27, &[3, 14, 15, 38]), (vec![14, 15], true, true));
    assert_eq!(before(2, &[3, 14]), (vec![], false, true));
    let between = PageArguments {
        first: Some(5),
        after: Some(cursor(4)),
        before: Some(cursor(30)),
        last: None,
    };
    assert_eq!(
        slice(&[3, 15, 27, 38], &between),
        (vec![15, 27], true, true)
    );
}
