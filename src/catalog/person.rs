//! The words of feeds for whom a thing is made in; the catalogue's own out. Pure.

/// Gender (`male`, `female`, `unisex`) and age group (`newborn`, `infant`, `toddler`, `kids`, `adult`: the values of Google's product
/// data specification) behind the words that feeds use for them. What is none of these stays as it is.
pub fn person<'a>(gender: &'a str, age_group: &'a str) -> (&'a str, &'a str) {
    let (gender, young) = match gender {
        "m" | "man" | "men" | "men's" | "mens" | "gentlemen" | "gents" | "男" | "男士" | "男款" | "男性" | "男装" => ("male", ""),
        "f" | "woman" | "women" | "women's" | "womens" | "lady" | "ladies" | "女" | "女士" | "女款" | "女性" | "女装" => {
            ("female", "")
        }
        "boy" | "boys" | "boy's" | "boys'" | "男童" => ("male", "kids"),
        "girl" | "girls" | "girl's" | "girls'" | "女童" => ("female", "kids"),
        "all" | "both" | "any" | "neutral" | "men & women" | "men and women" | "通用" | "中性" | "男女通用" | "男女同款" => {
            ("unisex", "")
        }
        "kid" | "kids" | "child" | "children" | "儿童" | "童装" => ("", "kids"),
        _ => (gender, ""),
    };
    let age_group = match age_group {
        "" => young,
        "kid" | "kids'" | "child" | "children" | "junior" | "youth" | "儿童" | "青少年" => "kids",
        "adults" | "grown-up" | "成人" => "adult",
        "baby" | "babies" | "婴儿" => "infant",
        "toddlers" | "幼儿" => "toddler",
        "newborns" | "新生儿" => "newborn",
        _ => age_group,
    };
    (gender, age_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_have_many_words_for_people() {
        for (gender, age, known) in [
            ("men", "", ("male", "")),
            ("women", "adult", ("female", "adult")),
            ("girls", "", ("female", "kids")),
            ("boys", "toddlers", ("male", "toddler")),
            ("unisex", "成人", ("unisex", "adult")),
            ("女童", "", ("female", "kids")),
            ("", "", ("", "")),
            ("robots", "old", ("robots", "old")),
        ] {
            assert_eq!(person(gender, age), known, "{gender} {age}");
        }
    }
}
