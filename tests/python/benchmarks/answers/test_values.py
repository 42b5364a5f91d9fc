r"""Final answers of mathematics as a person reads them."""

import pytest

from textgauge.benchmarks.answers import values

SAME = [
    (r"1\frac{1}{2}", "1.5"),
    ("1 1/2", r"\frac{3}{2}"),
    ("1½", "1.5"),
    (r"\dfrac{2}{4}", "1/2"),
    ("50%", "0.5"),
    (r"50\%", "50"),
    (r"50\%", r"\frac12"),
    ("1{,}000", "1,000"),
    (r"10\,000", "10000"),
    (r"\$5", "5 dollars"),
    ("$18$", "$18"),
    ("5 cm", r"5\text{ cm}"),
    ("5 centimetres", "5cm"),
    (r"5\text{ cm}", "5"),
    ("6 square inches", "6"),
    (r"12\text{ m}^2", "12"),
    (r"90^\circ", "90 degrees"),
    ("[1,2)", r"\left[1, 2\right)"),
    (r"(1,2)\cup(3,4)", r"(3,4) \cup (1,2)"),
    (r"\{1,2\}", "2, 1"),
    ("2 and 1", "1,2"),
    ("x=2 or x=-2", r"\pm 2"),
    (r"1 \pm \sqrt{2}", r"1+\sqrt2, 1-\sqrt2"),
    ("(1, 1/2)", r"(1,\frac{1}{2})"),
    (r"(-\infty, 3)", r"\left(-\infty,3\right)"),
    (r"x \in [1,2]", "[1,2]"),
    ("y = 2x+3", "2x + 3"),
    (r"2\sqrt{3}", r"\sqrt{12}"),
    (r"\frac{\sqrt2}{2}", r"\frac{1}{\sqrt{2}}"),
    (r"\sqrt[3]{8}", "2"),
    (r"3\pi", "3 pi"),
    ("3.0", "3"),
    (r"3 \times 10^{5}", "300,000"),
    ("2^{10}", "1024"),
    ("-2^2", "-4"),
    ("−3", "-3"),
    ("１２", "12"),
    (r"\frac{-1}{2}", "-0.5"),
    (r"\text{Evelyn}", "evelyn"),
    (r"\text{(A)}", "A"),
    ("18, 18", "18"),
    (r"11,\! 111,\! 100", "11111100"),
    (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{pmatrix}1\\2\end{pmatrix}"),
]

DIFFERENT = [
    ("1/2", "2"),
    ("[1,2)", "(1,2)"),
    ("(1,2)", "(2,1)"),
    ("5 cm", "5 m"),
    ("5 cents", "$5"),
    ("12", "1.2"),
    ("1,2", "12"),
    ("1/3", "0.33"),
    ("-3", "3"),
    ("2xy", "2"),
    ("2 xy", "2"),
    ("x", "y"),
    ("(x+1)^2", "x^2+2x+1"),
    (r"3\pi", "3"),
    ("0", ""),
    ("1,2", "1,2,2.5"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_same(first, second):
    assert values.same(first, second)
    assert values.same(second, first)
    assert values.same(first, first)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different(first, second):
    assert not values.same(first, second)
    assert not values.same(second, first)


NUMBERS = [
    ("The answer is 1,024.", "1024"),
    ("The answer is 24.0", "24"),
    ("#### 1,234", "1234"),
    ("#### -7", "-7"),
    ("She makes $18 at the market.\nA: 18", "18"),
    (r"\boxed{18\text{ dollars}}", "18"),
    (r"The final answer is $\boxed{3}$.", "3"),
    (r"\boxed{3} was too small, so $\boxed 4$.", "4"),
    ("She earned $18 in 7 days.", "18"),
    ("3 + 4 = 7 apples for 2 children.", "7"),
    ("He pays $20 - $14 = $6 for 2 of them.", "6"),
    ("10 - 3", "3"),
    ("The answer is twenty-four.", "24"),
    ("<think>The answer is 3</think>The answer is **5**.", "5"),
    ("<think>The answer is 3</think>\n\n**Answer:** 5<|im_end|>", "5"),
    ("Answer:\n\n42", "42"),
    ("The answer is 5. No, the answer is 6.", "6"),
    ("The answer is not 5 but 7", "7"),
    ("The answer is $5 + 6 = 11$.", "11"),
    ("It costs $5 and $6, so $11 in all.", "11"),
    ("total: $1,234.50", "1234.5"),
    ("Answer: 1.234,56 €", "1234.56"),
    ("The answer to the question is 10 000.", "10000"),
    ("The answer is 1,23,456.", "123456"),
    ("The answer is 3/4 of a cup", "0.75"),
    ("The answer is 2 1/2 cups.", "2.5"),
    ("The answer is 1/3", "1/3"),
    ("The answer is 50%.", "50"),
    ("<<3+4=7>>7 apples", "7"),
    ("答案：12", "12"),
    ("答えは12です。", "12"),
    ("La respuesta es 3,5.", "3.5"),
    ("La réponse est 12.", "12"),
    ("Die Antwort lautet 12.", "12"),
    ("Answer: 2.5 million dollars", "2500000"),
    ("### Final Answer\n\n**$18**", "18"),
    ("So, she makes **\\$18** per day.", "18"),
    ("Total: 3 x 4 = 12\n\nLet me know if you have 2 more questions!", "12"),
    ("Joe has $50-$65=$-15 left.", "-15"),
    ("The cost is $25+$35+$5=$65", "65"),
    ("<|channel|>analysis<|message|>maybe 12<|end|><|channel|>final<|message|>The answer is 18<|return|>", "18"),
    ("The answer is 10:30 am.", None),
    ("9" * 500, None),
    ("I do not know.", None),
    ("room B12", None),
    ("", None),
    ("<think>The answer is 3", None),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_final_values(text, number):
    assert values.final_value(text) == number


FORMULAS = [
    (r"So $x = \boxed{\frac{1}{2}}$.", r"\frac{1}{2}"),
    (r"The answer is $\frac{1}{2}$.", r"\frac{1}{2}"),
    ("The answer is $x = 2$ or $x = 3$.", "x = 2, x = 3"),
    (r"The answer is \(x^2\).", "x^2"),
    ("The final answer is (2, 3).", "(2, 3)"),
    ("Final Answer: The final answer is $[2,5)$. I hope it is correct.", "[2,5)"),
    ("The answer is Evelyn.", "Evelyn"),
    (r"Therefore $a = 3$.", "3"),
    ("The solutions are $x = 1$ and $x = 2$.", "x = 1, x = 2"),
    (r"\boxed{0}, then \boxed{1} and \boxed{2}", "1, 2"),
    (r"\boxed{1}, or \boxed{1", None),
    (r"I put it into \boxed form. The answer is $5$.", "5"),
    ("The interval is $[0, 1)$.", "[0, 1)"),
    (r"\boxed{}", None),
    ("Who knows.", None),
]


@pytest.mark.parametrize(("text", "answer"), FORMULAS)
def test_final_answers(text, answer):
    assert values.final_answer(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "\\(" * 20000,
        "$1" * 20000,
        "1'000" * 20000,
        "9" * 50000,
        "the answer to " * 10000,
        "\\boxed{" * 10000,
        r"\boxed{9^{9^{9^{9}}}}",
        r"\boxed{((((9^60)^60)^60)^60)}",
        r"\boxed{" + "(1," * 90 + "2" + ")" * 90 + "}",
        r"\boxed{" + "(" * 350 + "}",
        r"\boxed{1e999*1e999*1e999/7}",
        r"the answer is 1/0",
        "\ud800 the answer is 5",
    ],
    ids=range(13),
)
def test_hostile_texts_are_read(text):
    """What would take quadratic time or all memory meets the tests' time limit."""
    values.final_value(text)
    answer = values.final_answer(text) or ""
    assert values.same(answer, answer)
