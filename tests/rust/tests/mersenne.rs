//! The Mersenne Twister against its slow twin and the numbers that its authors published.

use proptest::prelude::*;
use textgauge_kernels::mersenne::{Mersenne, WORDS};
use textgauge_kernels::naive;

/// The state that the authors' program makes of a seed.
fn seeded(seed: u32) -> [u32; WORDS] {
    let mut state = [seed; WORDS];
    for word in 1..WORDS {
        let before = state[word - 1];
        state[word] = (before ^ before >> 30).wrapping_mul(1_812_433_253).wrapping_add(word as u32);
    }
    state
}

fn draw(generator: &mut Mersenne, largest: u32, count: usize) -> Vec<u32> {
    let mut numbers = vec![7; count];
    generator.draw(largest, &mut numbers);
    numbers
}

#[test]
fn words_are_those_of_the_authors() {
    let mut generator = Mersenne::from_state(seeded(5489), WORDS).expect("a state");
    let words = draw(&mut generator, u32::MAX, 10_000);
    assert_eq!(words[..5], [3_499_211_612, 581_869_302, 3_890_346_734, 3_586_334_585, 545_404_204]);
    assert_eq!(words[9_999], 4_123_659_995);
}

#[test]
fn a_place_behind_the_state_is_refused() {
    assert!(Mersenne::from_state(seeded(1), WORDS + 1).is_none());
}

#[test]
fn the_only_number_takes_no_word() {
    let mut generator = Mersenne::from_state(seeded(1), 5).expect("a state");
    assert_eq!(draw(&mut generator, 0, 9), [0; 9]);
    assert_eq!(generator.state(), (&seeded(1), 5));
}

proptest! {
    #[test]
    fn numbers_are_words_cut_short_unless_too_large(seed: u32, largest in 1..5000_u32, counts in prop::collection::vec(0..900_usize, 1..5)) {
        let words = naive::mersenne_words(&seeded(seed), 20 * WORDS);
        let bits = (largest + 1).next_power_of_two() - 1;
        let mut expected = words.iter().map(|word| word & bits).filter(|&number| number <= largest);
        let mut generator = Mersenne::from_state(seeded(seed), WORDS).expect("a state");
        for count in counts {
            let drawn = draw(&mut generator, largest, count);
            prop_assert_eq!(drawn, expected.by_ref().take(count).collect::<Vec<_>>());
            // What is kept of the state is all that there is.
            let (state, next) = generator.state();
            generator = Mersenne::from_state(*state, next).expect("a state");
        }
    }
}
