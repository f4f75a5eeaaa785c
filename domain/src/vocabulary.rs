//! Closed lists of words. One definition gives the Rust enum, the code stored in the
//! database and sent over the API, the documentation of each value and its sentence in
//! Chinese and English, so that a word can't differ between layers.

/// The language of a sentence meant for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Picks the language of an `Accept-Language` header: the first of `zh` and `en` that it
    /// names wins, whatever the weights (phones list them in order of preference).
    pub fn from_accept_language(header: &str) -> Self {
        header
            .split(',')
            .map(|range| range.trim().get(..2).unwrap_or("").to_ascii_lowercase())
            .find_map(|tag| match tag.as_str() {
                "zh" => Some(Self::Zh),
                "en" => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// One value of a [`Vocabulary`].
pub struct Word<T: 'static> {
    /// The value.
    pub value: T,
    /// Its code in the database and the API, `SCREAMING_SNAKE_CASE`.
    pub code: &'static str,
    /// Its documentation, as written above the variant.
    pub doc: &'static str,
    /// Label or sentence in Chinese.
    pub zh: &'static str,
    /// Label or sentence in English.
    pub en: &'static str,
}

/// A closed list of words; implemented by [`vocabulary!`](macro@crate::vocabulary).
pub trait Vocabulary: Copy + Eq + Send + Sync + Sized + 'static {
    /// The type's name in the API.
    const NAME: &'static str;
    /// The type's documentation.
    const DOC: &'static str;

    /// All values, in order of declaration.
    fn words() -> &'static [Word<Self>];

    /// This value's entry.
    fn word(self) -> &'static Word<Self>;

    /// The code stored and sent.
    fn code(self) -> &'static str {
        self.word().code
    }

    /// The value with this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::words().iter().find(|w| w.code == code).map(|w| w.value)
    }

    /// The label or sentence for people.
    fn say(self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.word().zh,
            Language::En => self.word().en,
        }
    }
}

/// Why an operation was not done, in the operation's own words. Expected, typed in the API.
pub trait Refusal: Vocabulary + std::fmt::Debug {}

/// Declares a [`Vocabulary`]. With `refusal enum` it is a [`Refusal`] as well.
#[macro_export]
macro_rules! vocabulary {
    ($(#[doc = $doc:literal])+ pub refusal enum $name:ident { $($body:tt)* }) => {
        $crate::vocabulary! { $(#[doc = $doc])+ pub enum $name { $($body)* } }
        impl $crate::vocabulary::Refusal for $name {}
    };
    ($(#[doc = $doc:literal])+ pub enum $name:ident {
        $($(#[doc = $vdoc:literal])+ $variant:ident = $code:literal => $zh:literal, $en:literal;)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $vdoc])+ $variant,)+ }

        impl $crate::vocabulary::Vocabulary for $name {
            const NAME: &'static str = stringify!($name);
            const DOC: &'static str = concat!($($doc, "\n"),+);

            fn words() -> &'static [$crate::vocabulary::Word<Self>] {
                const WORDS: &[$crate::vocabulary::Word<$name>] = &[
                    $($crate::vocabulary::Word {
                        value: $name::$variant,
                        code: $code,
                        doc: concat!($($vdoc, "\n"),+),
                        zh: $zh,
                        en: $en,
                    },)+
                ];
                WORDS
            }

            fn word(self) -> &'static $crate::vocabulary::Word<Self> {
                match self {
                    $($name::$variant => {
                        const WORD: $crate::vocabulary::Word<$name> = $crate::vocabulary::Word {
                            value: $name::$variant,
                            code: $code,
                            doc: concat!($($vdoc, "\n"),+),
                            zh: $zh,
                            en: $en,
                        };
                        &WORD
                    })+
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::vocabulary::Vocabulary::code(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                <Self as $crate::vocabulary::Vocabulary>::from_code(&code)
                    .ok_or_else(|| serde::de::Error::custom(concat!("not a ", stringify!($name))))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::vocabulary::Vocabulary::code(*self))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    vocabulary! {
        /// Colours.
        pub enum Colour {
            /// Red.
            Red = "RED" => "红", "red";
            /// Dark
            /// blue.
            DarkBlue = "DARK_BLUE" => "深蓝", "dark blue";
        }
    }

    #[test]
    fn a_word_has_one_code_everywhere() {
        assert_eq!(Colour::from_code("DARK_BLUE"), Some(Colour::DarkBlue));
        assert_eq!(Colour::from_code("dark_blue"), None);
        assert_eq!(Colour::DarkBlue.say(Language::Zh), "深蓝");
        assert_eq!(Colour::DarkBlue.word().doc, " Dark\n blue.\n");
        assert_eq!(serde_json::to_string(&Colour::Red).unwrap(), "\"RED\"");
    }

    #[test]
    fn language_follows_the_order_of_the_header() {
        assert_eq!(Language::from_accept_language("fr, en-GB;q=0.8, zh;q=0.5"), Language::En);
        assert_eq!(Language::from_accept_language("zh-CN,zh;q=0.9,en;q=0.8"), Language::Zh);
        assert_eq!(Language::from_accept_language("é, *"), Language::Zh);
    }
}
