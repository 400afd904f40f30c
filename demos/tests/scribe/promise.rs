//! What OK promises, against what befalls the files from outside: a new configuration, an operator, a client's choice of names.

use crate::house::House;

const FILE: &str = "[[store]]\ncategories = ['web']\ntype = 'file'\nlink = false\n";

#[test]
fn a_category_called_like_the_last_file_of_another_does_not_end_its_files() {
    let text = format!("{FILE}[[store]]\ncategories = ['default']\ntype = 'file'\nlink = false\n");
    let mut house = House::new(1, &text);
    let client = house.client("ann");
    assert!(house.log(&client, &[("web_4294967295", "mine")]));
    assert!(house.log(&client, &[("web_00000", "mine")]));
    assert!(house.log(&client, &[("web", "one\n")]));
}
