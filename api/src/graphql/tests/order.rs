use super::*;

#[actix_web::test]
async fn fields_come_in_the_order_in_which_they_were_asked_for() {
    for (text, expected) in [
        ("{ late hello }", r#"{"late":1,"hello":"nobody"}"#),
        (
            "{ ...q b: hello deeper { late hello } } fragment q on Query { late a: hello }",
            r#"{"late":1,"a":"nobody","b":"nobody","deeper":{"late":1,"hello":"nobody"}}"#,
        ),
        (
            "{ people { friend { n } ... { n } friend { m: n } } }",
            r#"{"people":[{"friend":{"n":0,"m":0},"n":0},{"friend":{"n":1,"m":1},"n":1}]}"#,
        ),
        ("{ person(n: 1) { friend { n } phone n } }", r#"{"person":{"friend":{"n":1},"phone":null,"n":1}}"#),
    ] {
        let answer = query(text).await;
        assert!(answer.text.contains(&format!(r#""data":{expected}"#)), "{text}: {}", answer.text);
    }
}
