//! Sentences that swap things, and what each is to become.

use super::tests::check;
use crate::errand::heard::Verb;

#[test]
fn what_they_are_to_become_in_english() {
    check(
        Some(Verb::Swap),
        &["#A100"],
        &[
            ("exchange the black 500ml bottle for a 750ml one in red", "A0 -> capacity=750ml color=red"),
            ("exchange the 500ml bottle for the 750ml", "A0 -> capacity=750ml"),
            ("swap my size M shirt to L", "A2 -> size=L"),
            ("swap my size m shirt to a size l", "A2 -> size=L"),
            ("can i get the t-shirt in navy instead", "A2 -> color=navy"),
            ("I want the lamp in white", "A3 -> color=white"),
            ("change the keyboard to one with tactile switches but keep the RGB", "A4 -> backlight=RGB switch type=tactile"),
            ("keyboard: linear switches and no backlight instead of RGB clicky", "A4 -> backlight=none switch type=linear"),
            ("exchange the keyboard for one with no backlight", "A4 -> backlight=none"),
            (
                "exchange the blue bottle for a stainless steel one, and the desk lamp to battery powered",
                "A1 -> material=stainless steel; A3 -> power source=battery",
            ),
            ("bottle 500ml -> 1L, tee M -> XL", "A0 -> capacity=1L; A2 -> size=XL"),
            ("the black bottle to red and the blue one to black", "A0 -> color=red; A1 -> color=black"),
            ("exchange my t-shirt for a bigger t-shirt", "A2 -> size=L"),
            ("same shirt but one size up", "A2 -> size=L"),
            ("the tee in a size smaller please", "A2 -> size=S"),
            ("exchange the lamp for the same thing", "A3 -> same"),
            ("exchange the lamp for a new identical one", "A3 -> same"),
            ("exchange the lamp", "A3"),
            ("I'd like to exchange the t-shirt and the lamp", "A2; A3"),
            ("change the color of the t-shirt from black to red", "A2 -> color=red"),
            ("change the t-shirt size to L", "A2 -> size=L"),
            ("replace the lamp with the AC adapter version", "A3 -> power source=AC adapter"),
            ("swap the clicky keyboard with a linear one", "A4 -> switch type=linear"),
            ("I'd prefer the tee in red, size XL", "A2 -> color=red size=XL"),
            ("for the lamp I want white and battery instead", "A3 -> color=white power source=battery"),
            ("i want a red tee instead of the black one", "A2 -> color=red"),
            ("a white one for the lamp please", "A3 -> color=white"),
            ("exchange the tee for pink", "A2 -> ?pink"),
            ("the lamp in white and the keyboard in tactile, not the bottles", "A3 -> color=white; A4 -> switch type=tactile"),
            ("exchange the lamp to the cheapest one", "A3 -> cheapest"),
            ("change it to size XL", "A2 -> size=XL"),
            ("exchange the toaster for a white one", "\"toaster\""),
            ("make the shirt navy", "A2 -> color=navy"),
            ("my t-shirt is too small, i need a large", "A2 -> size=L"),
            ("The lamp is the wrong colour. I'd like a white one.", "A3 -> color=white"),
            ("exchange the lamp with order #A100 to white", "A3 -> color=white"),
            ("upgrade the black bottle to 1 litre", "A0 -> capacity=1L"),
        ],
    );
    check(
        Some(Verb::Swap),
        &["#B200", "#C300"],
        &[
            ("boots in a 10, waterproof", "B1 -> size=10 waterproof=yes"),
            ("exchange the boots for size 8", "B1 -> size=8"),
            ("exchange size 9 hiking boots for size 10", "B1 -> size=10"),
            ("bookshelf to a taller one in metal", "B2 -> height=6 ft material=metal"),
            ("swap the sunglasses to a brown frame", "B3 -> frame color=brown"),
            ("sunglasses with brown lenses instead", "B3 -> lens color=brown"),
            ("non polarized sunglasses instead of the polarized ones", "B3 -> lens type=non-polarized"),
            ("kettle to two litres, stainless", "B4 -> capacity=2L material=stainless steel"),
            ("both puzzles to 1000 pieces", "C0&C1 -> pieces=1000"),
            ("exchange a jigsaw for the 1000 piece one, expert", "C0|C1 -> difficulty=expert pieces=1000"),
            ("backpack from laptop to camera", "C2 -> compartment=camera"),
            ("laptop to 1TB", "C3 -> storage=1TB SSD"),
            ("the laptop to 32gb ram, keep the storage", "C3 -> ram=32GB storage=256GB SSD"),
            ("change the plastic kettle to glass but same size", "B4 -> material=glass"),
        ],
    );
}

#[test]
fn what_they_are_to_become_in_chinese() {
    check(
        Some(Verb::Swap),
        &["#A100"],
        &[
            ("把黑色那件T恤换成红色的L码", "A2 -> color=red size=L"),
            ("T恤换大一号", "A2 -> size=L"),
            ("我想把M码的T恤换成XL", "A2 -> size=XL"),
            ("水瓶500毫升的换成750毫升", "A0 -> capacity=750ml"),
            ("黑色水瓶换成一升玻璃的", "A0 -> capacity=1L material=glass"),
            ("台灯换白色，键盘换茶轴", "A3 -> color=white; A4 -> switch type=tactile"),
            ("键盘想要红轴的，背光不变", "A4 -> backlight=RGB switch type=linear"),
            ("键盘换成不带背光的", "A4 -> backlight=none"),
            ("台灯换成插电的", "A3 -> power source=AC adapter"),
            ("台灯从黑色改成白色", "A3 -> color=white"),
            ("换一个白色的台灯", "A3 -> color=white"),
            ("台灯换个一样的新的", "A3 -> same"),
            ("台灯我要电池供电那款", "A3 -> power source=battery"),
            ("蓝色那个水瓶换成不锈钢的，其他不变", "A1 -> material=stainless steel"),
            ("衣服太小了，T恤给我换个大号的", "A2 -> size=L"),
            ("我要 exchange 那个 T恤，换成 navy 的", "A2 -> color=navy"),
            ("换台灯", "A3"),
            ("台灯想换货", "A3"),
            ("T恤换粉色", "A2 -> ?粉色"),
            ("台灯不换，换键盘，要线性轴", "A4 -> switch type=linear"),
            ("换成XL", "A2 -> size=XL"),
            ("台灯要最便宜的那款", "A3 -> cheapest"),
        ],
    );
    check(
        Some(Verb::Swap),
        &["#B200", "#C300"],
        &[
            ("登山靴换10码防水的", "B1 -> size=10 waterproof=yes"),
            ("登山靴换8码", "B1 -> size=8"),
            ("书架换成六英尺金属的", "B2 -> height=6 ft material=metal"),
            ("书架换高一点的", "B2 -> height=6 ft"),
            ("墨镜镜框换棕色", "B3 -> frame color=brown"),
            ("墨镜换成不偏光的", "B3 -> lens type=non-polarized"),
            ("电水壶换成两升不锈钢", "B4 -> capacity=2L material=stainless steel"),
            ("两个拼图都换成1000片的", "C0&C1 -> pieces=1000"),
            ("双肩包换成绿色大号", "C2 -> color=green size=large"),
            ("笔记本电脑内存换成32G", "C3 -> ram=32GB"),
        ],
    );
}
