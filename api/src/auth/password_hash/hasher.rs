use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};

use super::HashError;

/// Today's parameters: 19 MiB, two passes, one lane (OWASP; the library's default).
const PARAMS: Params = Params::DEFAULT;

/// Most memory that a stored hash may ask for, in KiB: a hostile import must not take it all.
const MOST_MEMORY: u32 = 128 * 1_024;

/// Most passes that a stored hash may ask for.
const MOST_PASSES: u32 = 16;

/// A hash with today's parameters that nobody's password has.
pub(super) const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks hashes one after the other, in memory that is taken once. For the command
/// line; a server uses [`PasswordHashes`](super::PasswordHashes).
#[derive(Default)]
pub struct Hasher {
    memory: Vec<Block>,
}

impl Hasher {
    /// A new hash as a PHC string.
    pub fn hash(&mut self, password: &str, salt: [u8; 16]) -> Result<String, HashError> {
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        self.fill(Algorithm::Argon2id, Version::V0x13, &PARAMS, (password, &salt), &mut out)
            .ok_or(HashError::Failed)?;
        let phc = || {
            Some(PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(&PARAMS).ok()?,
                salt: Some(Salt::new(&salt).ok()?),
                hash: Some(Output::new(&out).ok()?),
            })
        };
        phc().map(|phc| phc.to_string()).ok_or(HashError::Failed)
    }

    /// Whether the password is the one that `phc` was made of, by the parameters that stand in it.
    pub fn verify(&mut self, password: &str, phc: &str) -> Result<bool, HashError> {
        let stored = Stored::read(phc).ok_or(HashError::BadHash)?;
        let mut buffer = [0; Output::MAX_LENGTH];
        let out = buffer.get_mut(..stored.output.len()).ok_or(HashError::BadHash)?;
        self.fill(stored.algorithm, stored.version, &stored.params, (password, &stored.salt), out)
            .ok_or(HashError::BadHash)?;
        // Compares in constant time.
        Ok(Output::new(out).is_ok_and(|out| out == stored.output))
    }

    fn fill(
        &mut self,
        algorithm: Algorithm,
        version: Version,
        params: &Params,
        (password, salt): (&str, &[u8]),
        out: &mut [u8],
    ) -> Option<()> {
        let argon2 = Argon2::new(algorithm, version, params.clone());
        let blocks = params.block_count();
        if self.memory.len() < blocks {
            self.memory.resize(blocks, Block::new());
        }
        let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut self.memory);
        // A dear old hash is seldom; its memory isn't kept.
        self.memory.truncate(PARAMS.block_count());
        self.memory.shrink_to_fit();
        done.ok()
    }
}

struct Stored {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
    output: Output,
}

impl Stored {
    fn read(phc: &str) -> Option<Self> {
        let hash = PasswordHash::new(phc).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let bearable = params.m_cost() <= MOST_MEMORY && params.t_cost() <= MOST_PASSES;
        bearable.then_some(())?;
        Some(Self {
            algorithm: Algorithm::try_from(hash.algorithm.as_str()).ok()?,
            version: hash.version.map_or(Some(Version::V0x13), |v| Version::try_from(v).ok())?,
            params,
            salt: hash.salt?,
            output: hash.hash?,
        })
    }
}

/// Whether a hash was made with other than today's parameters: make a new one at the next
/// sign-in, when the password is at hand.
pub fn needs_rehash(phc: &str) -> bool {
    Stored::read(phc).is_none_or(|stored| {
        stored.algorithm != Algorithm::Argon2id
            || stored.version != Version::V0x13
            || cost(&stored.params) != cost(&PARAMS)
            || stored.output.len() != Params::DEFAULT_OUTPUT_LEN
    })
}

fn cost(params: &Params) -> (u32, u32, u32) {
    (params.m_cost(), params.t_cost(), params.p_cost())
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn the_dummy_costs_what_a_real_hash_costs() {
        let real = Hasher::default().hash("kR9-plume", [7; 16]).unwrap();
        let (real, dummy) = (Stored::read(&real).unwrap(), Stored::read(DUMMY).unwrap());
        assert_eq!(cost(&real.params), cost(&dummy.params));
        assert_eq!(cost(&dummy.params), (19_456, 2, 1));
        assert_eq!((real.algorithm, real.version), (dummy.algorithm, dummy.version));
        assert_eq!((real.salt.len(), real.output.len()), (dummy.salt.len(), dummy.output.len()));
        assert!(!needs_rehash(DUMMY));
    }

    #[test]
    fn agrees_with_the_library() {
        let ours = Hasher::default().hash("密码Aa1!", [9; 16]).unwrap();
        assert!(Argon2::default().verify_password("密码Aa1!".as_bytes(), ours.as_str()).is_ok());
        let theirs = Argon2::default().hash_password_with_salt(b"kR9-plume", &[3; 16]).unwrap().to_string();
        let mut hasher = Hasher::default();
        assert_eq!(hasher.verify("kR9-plume", &theirs), Ok(true));
        assert_eq!(hasher.verify("kR9-plume ", &theirs), Ok(false));
    }

    #[test]
    fn old_parameters_are_honoured_and_reported() {
        let params = Params::new(32_768, 1, 1, None).unwrap();
        let dear = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let old = dear.hash_password_with_salt(b"kR9-plume", &[3; 16]).unwrap().to_string();
        let mut hasher = Hasher::default();
        assert_eq!(hasher.verify("kR9-plume", &old), Ok(true));
        assert!(needs_rehash(&old));
        assert_eq!(hasher.memory.len(), PARAMS.block_count());
        // What that left in memory doesn't disturb the next.
        let new = hasher.hash("kR9-plume", [1; 16]).unwrap();
        assert_eq!(new, Hasher::default().hash("kR9-plume", [1; 16]).unwrap());
        assert!(!needs_rehash(&new));
    }

    #[test]
    fn what_is_no_hash_or_asks_for_too_much_is_refused() {
        let greedy = DUMMY.replace("m=19456", "m=4000000000");
        let endless = DUMMY.replace("t=2", "t=4000000000");
        let scrypt = DUMMY.replace("argon2id", "scrypt");
        for bad in ["", "$", "$argon2id$", "plain", &greedy, &endless, &scrypt] {
            assert_eq!(Hasher::default().verify("x", bad), Err(HashError::BadHash), "{bad}");
            assert!(needs_rehash(bad));
        }
    }
}
