//! In: words, or a product's title and category. Out: whether an animal is meant, and whether it is food for one: no snack for people.

use super::{lexicon::book, phrasebook::Phrasebook, reading::Reading};
use std::sync::LazyLock;

const PETS: &[&str] = &[
    "dog",
    "dogs",
    "doggy",
    "doggie",
    "puppy",
    "puppies",
    "pup",
    "cat",
    "cats",
    "kitten",
    "kittens",
    "kitty",
    "pet",
    "pets",
    "rabbit",
    "bunny",
    "hamster",
    "guinea pig",
    "parrot",
    "budgie",
    "goldfish",
    "tortoise",
    "ferret",
    "canine",
    "feline",
    "labrador",
    "poodle",
    "corgi",
    "golden retriever",
    "狗",
    "狗狗",
    "小狗",
    "狗子",
    "汪",
    "猫",
    "猫咪",
    "猫猫",
    "小猫",
    "喵",
    "主子",
    "毛孩子",
    "宠物",
    "兔子",
    "仓鼠",
    "鹦鹉",
    "柯基",
    "泰迪",
    "金毛",
    "布偶",
    "英短",
];

/// They hold an animal and are none.
const NOT_PETS: &[&str] =
    &["hot dog", "hot dogs", "cat eye", "cats eye", "猫眼", "热狗", "狗牙花", "熊猫", "天猫", "dog tag", "cat 6", "cat 5e", "cat6"];

/// What an animal eats.
const FED: &[&str] = &[
    "food",
    "treat",
    "treats",
    "snack",
    "snacks",
    "kibble",
    "feed",
    "主粮",
    "零食",
    "狗粮",
    "猫粮",
    "粮",
    "罐头",
    "猫条",
    "冻干",
    "磨牙棒",
];

static PET: LazyLock<Phrasebook<bool>> =
    LazyLock::new(|| Phrasebook::of(NOT_PETS.iter().map(|word| (*word, false)).chain(PETS.iter().map(|word| (*word, true)))));
static FOOD: LazyLock<Phrasebook<()>> = LazyLock::new(|| book(FED));

pub(super) fn named(reading: &Reading) -> bool {
    PET.all(reading).iter().any(|(_, is)| is[0])
}

/// Whether a word is that of an animal and nothing else: a cat, and no cat tree.
pub fn is_pet(word: &str) -> bool {
    let word = word.trim().to_lowercase();
    PETS.iter().any(|pet| *pet == word)
}

/// Whether an animal is named.
pub fn names_pet(text: &str) -> bool {
    named(&Reading::of(text))
}

/// By its names and categories, in whatever language.
pub fn is_pet_food(names: &[&str]) -> bool {
    let text = names.join(" | ");
    let reading = Reading::of(&text);
    named(&reading) && !FOOD.all(&reading).is_empty()
}
