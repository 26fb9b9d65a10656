//! What a list of pairs does not show is told beside it.

use super::*;

const ROLES: &str = "id,organization,must_have,nice_to_have,accepting\nr1,o,pyhton:3,,\nr2,o,python:3,cobol,\nr3,o,zither,,no\n";

fn told(more: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let roles = folder.path().join("roles.csv");
    fs::write(&roles, ROLES).unwrap();
    let output = suggest(&example("volunteers.csv"), &roles, more);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!stdout(&output).contains("pyhton"), "{}", stdout(&output));
    stderr(&output)
}

#[test]
fn roles_with_nobody_and_skills_that_nobody_names_are_told_with_the_name_that_is_near() {
    let english = "open roles that got nobody: 1 (r1)\n\
        no volunteer names the skill cobol, asked by r2\n\
        no volunteer names the skill pyhton, asked by r1; did you mean python?\n";
    let french = "rôles ouverts sans personne : 1 (r1)\n\
        aucun bénévole n’indique la compétence cobol, demandée par r2\n\
        aucun bénévole n’indique la compétence pyhton, demandée par r1; vouliez-vous dire python?\n";
    assert_eq!(told(&["--assign"]), english);
    assert_eq!(told(&["--lang", "fr"]), french);
    assert_eq!(told(&["--format", "csv"]), english);
}
