//! The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), from and to the state that NumPy keeps of it.
//!
//! NumPy's older generator draws a number below a bound so: of a word it keeps as many bits as the largest number has,
//! and takes the next word where that is still too large. Here words are made and tempered 624 at a time, and drawing is
//! one pass without branches: each word is written where the next number belongs, which moves on only if it is one.

/// Words of state.
pub const WORDS: usize = 624;

/// Each word is made of the one this far after it, too.
const AHEAD: usize = 397;

/// The generator.
#[derive(Clone, Debug)]
pub struct Mersenne {
    state: [u32; WORDS],
    tempered: [u32; WORDS],
    /// The next word of these to be given; [`WORDS`] if new ones have to be made.
    next: usize,
}

impl Mersenne {
    /// The generator that goes on from the words of a state, of which those before `next` have been given. `None` if
    /// `next` is above [`WORDS`].
    pub fn from_state(state: [u32; WORDS], next: usize) -> Option<Self> {
        (next <= WORDS).then(|| Self { state, tempered: state.map(temper), next })
    }

    /// The words of its state, and how many of them have been given.
    pub fn state(&self) -> (&[u32; WORDS], usize) {
        (&self.state, self.next)
    }

    /// Draws numbers from 0 to `largest`, as `numpy.random.randint` does.
    pub fn draw(&mut self, largest: u32, numbers: &mut [u32]) {
        if largest == 0 {
            return numbers.fill(0);
        }
        let bits = u32::MAX >> largest.leading_zeros();
        let mut drawn = 0;
        while drawn < numbers.len() {
            if self.next == WORDS {
                self.renew();
            }
            let end = WORDS.min(self.next + numbers.len() - drawn);
            for word in &self.tempered[self.next..end] {
                numbers[drawn] = word & bits;
                drawn += usize::from(word & bits <= largest);
            }
            self.next = end;
        }
    }

    /// Makes the next words.
    fn renew(&mut self) {
        let state = &mut self.state;
        for word in 0..WORDS - AHEAD {
            state[word] = twist(state[word], state[word + 1], state[word + AHEAD]);
        }
        for word in WORDS - AHEAD..WORDS - 1 {
            state[word] = twist(state[word], state[word + 1], state[word + AHEAD - WORDS]);
        }
        state[WORDS - 1] = twist(state[WORDS - 1], state[0], state[AHEAD - 1]);
        self.tempered = self.state.map(temper);
        self.next = 0;
    }
}

/// The next word of the state, made of the one before, of the one that followed it, and of one further ahead.
fn twist(word: u32, following: u32, ahead: u32) -> u32 {
    let joined = word & 0x8000_0000 | following & 0x7FFF_FFFF;
    ahead ^ joined >> 1 ^ (following & 1).wrapping_neg() & 0x9908_B0DF
}

/// The word that is given for one of the state.
fn temper(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= word << 7 & 0x9D2C_5680;
    word ^= word << 15 & 0xEFC6_0000;
    word ^ word >> 18
}
