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
            ("the lamp in white and the keyboard in tactile, not the bottles", "A3 -> color=white; A4 -> switch type=tactile; not A0&A1"),
            ("exchange the lamp to the cheapest one", "A3 -> cheapest"),
            ("change it to size XL", "A2 -> size=XL"),
            ("exchange the toaster for a white one", "\"toaster\""),
            ("make the shirt navy", "A2 -> color=navy"),
            ("my t-shirt is too small, i need a large", "A2 -> size=L"),
            ("The lamp is the wrong colour. I'd like a white one.", "A3 -> color=white"),
            ("exchange the lamp with order #A100 to white", "A3 -> color=white"),
            ("upgrade the black bottle to 1 litre", "A0 -> capacity=1L"),
            ("exchange the small black water bottle (500 ml, stainless steel) for a large glass one", "A0 -> material=glass"),
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
            ("the backpack with a camera compartment and the laptop with more memory", "C2 -> compartment=camera; C3 -> ram=32GB"),
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
            ("台灯不换，换键盘，要线性轴", "A4 -> switch type=linear; not A3"),
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

#[test]
fn as_people_write() {
    check(
        Some(Verb::Swap),
        &[],
        &[
            (
                "hey so i got this t-shirt in black medium but it's way too tight, could you send me a large instead? same color is fine",
                "A2 -> size=L",
            ),
            (
                "my coworkers hate my clicky keyboard, can I trade it for a quieter linear one with white backlight",
                "A4 -> backlight=white switch type=linear",
            ),
            ("I'd like the hiking boots in size 10 rather than 9", "B1 -> size=10"),
            ("the kettle is too small, i want the 2 liter one in stainless steel", "B4 -> capacity=2L material=stainless steel"),
            ("The kettle: 2L. The boots: size 10, waterproof.", "B4 -> capacity=2L; B1 -> size=10 waterproof=yes"),
            ("please exchange: 1) kettle -> 2L glass 2) boots -> 10", "B4 -> capacity=2L material=glass; B1 -> size=10"),
            ("for the tee: navy, XL. for the lamp: white", "A2 -> color=navy size=XL; A3|B0 -> color=white"),
            ("the backpack, could you make that a large green one?", "C2 -> color=green size=large"),
            ("could the backpack be green instead of grey, large instead of medium?", "C2 -> color=green size=large"),
            ("i'll take the navy one in L for the shirt", "A2 -> color=navy size=L"),
            ("trade my 16gb laptop in for the 32gb version", "C3 -> ram=32GB"),
            ("need different boots, size 8 and waterproof if available", "B1 -> size=8 waterproof=yes"),
            ("the boots i received are size 9 but i ordered size 10", "B1 -> size=10"),
            ("could i swap polarized for non-polarized sunglasses", "B3 -> lens type=non-polarized"),
            ("make the bottle red, the tee navy and the lamp white", "A0|A1 -> color=red; A2 -> color=navy; A3|B0 -> color=white"),
            ("exchange the laptop for the desk lamp", "C3 -> ?desk lamp"),
            ("instead of the black tee send me navy", "A2 -> color=navy"),
            ("replace my desk lamp by a white one", "A3|B0 -> color=white"),
            ("can u swap teh keybord to lineer", "A4 -> switch type=linear"),
            ("change all bottles to red", "A0&A1 -> color=red"),
            ("the keyboard is defective, i want a replacement", "A4 -> same"),
            ("I'd like to exchange the kettle but I'm not sure for what", "B4"),
            ("你好，我买的那个电水壶太小了，能不能换成2升的？材质要玻璃的", "B4 -> capacity=2L material=glass"),
            ("我那双登山靴大了一点，想换小一码的，要防水的", "B1 -> size=8 waterproof=yes"),
            ("键盘声音太吵了，给我换个红轴的吧，灯光要白的", "A4 -> backlight=white switch type=linear"),
            ("墨镜换一副，镜片要黑的，镜框要棕色", "B3 -> frame color=brown lens color=black"),
            ("笔记本太慢了，想升级到32G内存、1TB硬盘", "C3 -> ram=32GB storage=1TB SSD"),
            ("拼图太简单了，换专家级1000片的", "C0|C1 -> difficulty=expert pieces=1000"),
            ("T恤和台灯都要换：T恤换红色，台灯换白色", "A2 -> color=red; A3|B0 -> color=white"),
            ("换个大一点的水瓶，500毫升的太小", "A0 -> capacity=750ml"),
            ("登山靴不要9码了，要10码", "B1 -> size=10"),
            ("想换 keyboard，要 tactile switch 的", "A4 -> switch type=tactile"),
            ("把A100里的台灯由黑换白", "A3 -> color=white"),
        ],
    );
}
