use serde_json::json;

use super::*;

on_empty! {
    fn an_empty_database_gets_its_schema_and_its_first_administrator(folder: &Path, url: &str) {
        let zhibu = || zhibu(folder, url);
        let (code, out, _) = run(&mut zhibu(), &["migrate", "--check"]);
        assert_eq!((code, out.trim()), (1, "Migrations are pending."));
        let (code, out, _) = run(&mut zhibu(), &["migrate"]);
        assert!(code == 0 && out.contains("applied"), "{out}");
        let (code, out, _) = run(&mut zhibu(), &["migrate"]);
        assert_eq!((code, out.trim()), (0, "The schema was up to date."));
        let (code, out, _) = run(&mut zhibu(), &["migrate", "--check"]);
        assert_eq!((code, out.trim()), (0, "The schema is up to date."));
        let address = if url.starts_with("sqlite:") { format!("sqlite://{}", folder.join("data.db").display()) } else { url.to_owned() };
        let db = sea_orm::Database::connect(address).await.unwrap();
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m999_next', 0)";
        sea_orm::ConnectionTrait::execute_unprepared(&db, newer).await.unwrap();
        db.close().await.unwrap();
        for arguments in [&["migrate"][..], &["migrate", "--check"]] {
            let (code, out, err) = run(&mut zhibu(), arguments);
            assert!(code == 0 && out.contains("A newer version has added m999_next"), "{out}{err}");
        }

        let create = ["admin", "create", "--district", "330399", "--phone", "19000000000", "--name", "王小明"];
        let (code, _, err) = run(&mut zhibu(), &create);
        assert!(code == 2 && err.contains("--district-name founds it"), "{code} {err}");
        let (code, out, err) = run(zhibu().args(create), &["--district-name", "云湖区"]);
        assert!(code == 0 && out.contains("founded") && out.contains("Initial password"), "{out}{err}");
        let (code, out, _) = given_password(&mut zhibu(), &create, "Bright-lotus-7");
        assert!(code == 0 && out.contains("stands") && !out.contains("lotus"), "{out}");
        let (code, _, err) = given_password(&mut zhibu(), &create, "short");
        assert!(code == 2 && err.contains("--password"), "{err}");
        let (code, _, err) = run(zhibu().args(create), &["--phone", "12"]);
        assert_eq!(code, 2, "{err}");
    }
}

on_empty! {
    fn clients_are_created_listed_rotated_and_revoked(folder: &Path, url: &str) {
        let zhibu = || zhibu(folder, url);
        let create = ["admin", "create", "--district", "330399", "--district-name", "云湖区", "--phone", "19000000000", "--name", "王小明"];
        assert_eq!(run(&mut zhibu(), &create).0, 0);
        let new = ["token", "create", "--name", "门户网站", "--unit", "330399", "--scope", "units:read", "--address", "192.0.2.0/24"];
        let (code, out, err) = run(&mut zhibu(), &new);
        assert!(code == 0 && out.contains("client_secret, shown only now: zhc_"), "{out}{err}");
        let id = out.lines().find_map(|line| line.strip_prefix("client_id: ")).unwrap().to_owned();
        let (code, out, _) = run(&mut zhibu(), &["token", "list"]);
        assert!(code == 0 && out.contains(&id) && out.contains("live") && out.contains("never used"), "{out}");
        assert!(!out.contains("zhc_"), "{out}");
        let (code, out, _) = run(&mut zhibu(), &["token", "rotate", &id, "--overlap-hours", "2", "--days", "30"]);
        assert!(code == 0 && out.contains("zhc_"), "{out}");
        let (code, out, _) = run(&mut zhibu(), &["token", "revoke", &id]);
        assert!(code == 0 && out.contains("门户网站"), "{out}");
        assert!(run(&mut zhibu(), &["token", "list"]).1.contains("revoked"));
        let (code, _, err) = run(&mut zhibu(), &["token", "rotate", &id]);
        assert!(code == 1 && err.contains("revoked or has expired"), "{code} {err}");
        let (code, _, err) = run(&mut zhibu(), &["token", "revoke", &"0".repeat(32)]);
        assert!(code == 2 && err.contains("no such unit or client"), "{code} {err}");
        for (wrong, code, why) in [
            (&["--scope", "everything"][..], 2, "no such scope"),
            (&["--scope", "members:read"], 1, "State the purpose"),
            (&["--scope", "units:read", "--unit", "X"], 2, "--unit"),
            (&["--scope", "units:read", "--days", "367"], 1, "366"),
        ] {
            let unit: &[&str] = if wrong.contains(&"--unit") { &[] } else { &["--unit", "330399"] };
            let (ended, _, err) = run(zhibu().args(["token", "create", "--name", "a"]).args(unit), wrong);
            assert!(ended == code && err.contains(why), "{wrong:?}: {ended} {err}");
        }
    }
}

fn given_password(command: &mut Command, arguments: &[&str], password: &str) -> (i32, String, String) {
    let pipes = command.args(arguments).args(["--password", "-"]);
    let mut child =
        pipes.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    said(&child.wait_with_output().unwrap())
}

#[test]
fn a_setting_that_cannot_be_used_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let zhibu = || zhibu(folder.path(), "sqlite://data.db");
    for (key, value) in [
        ("ZHIBU_LISTEN", "nowhere"),
        ("ZHIBU_DATABASE_CONNECTIONS", "0"),
        ("ZHIBU_SECRET", "too short"),
        ("ZHIBU_SECOND_FACTOR", "perhaps"),
        ("ZHIBU_DATABASE_URL", "mysql://root@db/zhibu"),
    ] {
        let (code, _, err) = run(zhibu().env(key, value), &["serve"]);
        let name = key.trim_start_matches("ZHIBU_").to_lowercase();
        assert!(code == 2 && err.contains(&name), "{key}: {code} {err}");
        assert!(!err.contains("too short"), "a secret is told: {err}");
    }
    std::fs::write(folder.path().join("zhibu.toml"), "lissten = \"127.0.0.1:0\"\n").unwrap();
    for command in ["serve", "demo"] {
        let (code, _, err) = run(&mut zhibu(), &[command, "--config", "zhibu.toml"]);
        assert!(code == 2 && err.contains("lissten"), "{command}: {code} {err}");
        let (code, _, err) = run(&mut zhibu(), &[command, "--config", "absent.toml"]);
        assert!(code == 2 && err.contains("absent.toml"), "{command}: {code} {err}");
    }
}

#[test]
fn the_printed_schema_is_the_repository_s() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = run(&mut zhibu(folder.path(), "sqlite://data.db"), &["schema"]);
    let expected =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql")).unwrap();
    assert_eq!(code, 0);
    assert!(out == expected, "zhibu schema differs from schema.graphql");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_says_that_it_is_well_until_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::demo(folder.path(), None).await;
    let ask = |path: &str| {
        run(&mut zhibu(folder.path(), "sqlite://data.db"), &["healthcheck", "--url", &server.url(path)])
    };
    for path in ["/healthz", "/readyz"] {
        let (code, out, err) = ask(path);
        assert_eq!(code, 0, "{path}: {out}{err}");
    }
    assert_eq!(ask("/nowhere").0, 1);
    let gone = server.url("/healthz");
    assert_eq!(server.terminate(), Some(0), "SIGTERM ends it in order");
    let (code, _, err) = run(&mut zhibu(folder.path(), "sqlite://data.db"), &["healthcheck", "--url", &gone]);
    assert!(code == 1 && err.contains("/healthz"), "{err}");
}

#[tokio::test]
async fn a_mini_program_begins_with_the_demo_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::demo(folder.path(), None).await;
    // What the devtools give tourists, each time.
    let code = json!({ "i": { "code": "the code is a mock one", "appId": "touristappid" } });
    let sign_in = "mutation($i: SignInByWeChatInput!) { r: signInByWeChat(input: $i) { __typename
        ... on WeChatNotBound { bindingTicket } ... on SignInDone { account { id } } } }";
    let first = server.gql(None, sign_in, code.clone()).await.unwrap();
    let ticket = first["data"]["r"]["bindingTicket"].as_str().unwrap_or_else(|| panic!("{first}")).to_owned();
    let bind = "mutation($i: BindWeChatInput!) { r: bindWeChat(input: $i) { __typename ... on SignInDone { account { id } } } }";
    let proof = json!({ "i": { "bindingTicket": ticket, "phoneCode": "made up" } });
    let bound = server.gql(None, bind, proof).await.unwrap();
    let me = &bound["data"]["r"]["account"]["id"];
    assert!(me.is_string(), "{bound}");
    let again = server.gql(None, sign_in, code).await.unwrap();
    assert_eq!(&again["data"]["r"]["account"]["id"], me, "{again}");
    let other = json!({ "i": { "code": "x", "appId": "wxanotherone" } });
    let other = server.gql(None, sign_in, other).await.unwrap();
    assert_eq!(other["data"]["r"]["__typename"], "SignInRefused");
}
