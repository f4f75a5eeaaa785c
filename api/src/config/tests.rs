use figment::error::Kind;

use super::*;

const EXAMPLE: &str = include_str!("../../../zhibu.example.toml");

fn read(toml: &str) -> Result<Config, String> {
    Config::of(Figment::from(Toml::string(toml))).map_err(|bad| bad.to_string())
}

/// The example with every setting in force: a setting is commented out without a space.
fn uncommented() -> String {
    let setting =
        |line: &str| line.strip_prefix('#').is_some_and(|l| l.starts_with(|c: char| c.is_ascii_lowercase()));
    let lines = EXAMPLE.lines().map(|line| if setting(line) { &line[1..] } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// The keys that a table of the configuration knows, as serde tells of one that it doesn't know.
fn keys(table: &str) -> &'static [&'static str] {
    let toml = if table.is_empty() { "nonsense = 1".to_owned() } else { format!("[{table}]\nnonsense = 1") };
    let error = Figment::from(Toml::string(&toml)).extract::<Config>().unwrap_err();
    match error.kind {
        Kind::UnknownField(_, keys) => keys,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_says_the_defaults() {
    let default = Config::default();
    let mut example = read(&uncommented()).unwrap();
    // These have none, or one that depends on the machine: the example shows a value.
    assert!(example.secret.take().is_some());
    assert!(example.admin_listen.take().is_some());
    assert!(example.default_district.take().is_some());
    assert!(example.workers.take().is_some());
    assert!(example.print_font.take().is_some());
    assert!(example.graphql.trusted_documents.take().is_some());
    assert!(example.webhook.authorities.take().is_some());
    example.password_threads = default.password_threads;
    assert_eq!(format!("{example:#?}"), format!("{default:#?}"));
    assert_eq!(format!("{:?}", read(EXAMPLE).unwrap()), format!("{default:?}"));
}

#[test]
fn the_example_names_every_key_and_its_variable() {
    let tables = ["", "graphql", "graphql.limits", "graphql.socket", "wechat", "webhook"];
    for table in tables {
        for key in keys(table) {
            let full = if table.is_empty() { (*key).to_owned() } else { format!("{table}.{key}") };
            if tables.contains(&full.as_str()) {
                assert!(EXAMPLE.contains(&format!("\n[{full}]\n")), "{full}");
                continue;
            }
            let variable = format!("ZHIBU_{}", full.replace('.', "__").to_uppercase());
            assert!(EXAMPLE.contains(&format!("\n#{key} = ")), "{full}");
            assert!(EXAMPLE.lines().any(|line| line.ends_with(&format!(" {variable}"))), "{variable}");
        }
    }
}

#[test]
fn a_part_of_a_table_leaves_the_rest_as_it_is() {
    let config = read("[graphql]\nfiles = 3\n[graphql.limits]\ndepth = 5").unwrap();
    assert!(!config.graphql.graphiql);
    assert_eq!((config.graphql.files, config.graphql.limits.depth), (3, 5));
    assert_eq!(config.graphql.limits.aliases, Config::default().graphql.limits.aliases);
}

#[test]
fn a_bad_value_is_refused_by_name() {
    for (toml, key) in [
        ("listen = \"nowhere\"", "listen"),
        ("listne = \"127.0.0.1:80\"", "listne"),
        ("database_url = \"mysql://a@b/c\"", "database_url"),
        ("database_url = \"postgres://host/zhibu\"", "database_url"),
        ("database_connections = 0", "database_connections"),
        ("database_connections = \"many\"", "database_connections"),
        ("password_threads = 65", "password_threads"),
        ("password_queue = 0", "password_queue"),
        ("check_in_queue = -1", "check_in_queue"),
        ("workers = 0", "workers"),
        ("public_url = \"zhibu.example.cn\"", "public_url"),
        ("second_factor = \"never\"", "second_factor"),
        ("log = \"info,zhibu=loud\"", "log"),
        ("log_format = \"xml\"", "log_format"),
        ("graphql = 1", "graphql"),
        ("[graphql]\ngraphiql = \"perhaps\"", "graphql.graphiql"),
        ("[graphql]\ntrusted_only = true", "graphql.trusted_only"),
        ("[graphql.limits]\ndepth = -1", "graphql.limits.depth"),
        ("[graphql.limits]\ndpeth = 20", "dpeth"),
        ("[graphql.socket]\nping_ms = 1.5", "graphql.socket.ping_ms"),
        ("[webhook]\nallowed_networks = [\"everywhere\"]", "webhook.allowed_networks"),
        ("[webhook]\ntimeout_ms = 0", "webhook.timeout_ms"),
    ] {
        let said = read(toml).unwrap_err();
        assert!(said.contains(key), "{toml}: {said}");
    }
}
