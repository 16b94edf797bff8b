"""The check for the coroutine shapes that GCC 12 miscompiles, or that outlive their parameters."""

import pytest
from checker import run_checker, write_tree

GOOD = {
    "a name moved in": "co_await send(std::move(request), scope);",
    "braces around the statement": "if (ok) { co_await send(request); }",
    "braces after a condition": "if (co_await ready()) { stop(); } else { go(); }",
    "braces after a for": "for (auto& x : co_await list()) { use(x); }",
    "an initialiser in the statement before": "Foo foo{1, 2};\nco_await send(foo);",
    "an initialiser in the statement after": "co_await send(foo);\nFoo bar{1, 2};",
    "a block before": "if (ok) { go(); }\nco_await send(foo);",
    "a lambda without captures": "co_await map(items, [](Item item) { return Id{item}; });",
    "a comment": "co_await send(/* Foo{1} */ foo);  // Foo{2}",
    "a text": 'co_await send("{}", R"({"a": [1]})", \'{\', 1\'000);',
    "a subscript": "co_await send(items[i], m[k]);",
    "an awaiter's definition": "auto operator co_await() && noexcept { struct A { int x; }; }",
    "a lambda coroutine without captures": "auto f = [](Foo foo) -> Task<int> { co_return 1; };",
    "a capturing lambda that is no coroutine": "auto f = [&foo] { return Foo{1}; };",
    "a coroutine inside a capturing lambda": "auto f = [&] { return [](int i) -> Task<int> "
    "{ co_return i; }; };",
    "parameters by value": "Task<Result<int>> send(Request request, std::function<int(Foo&)> f);",
    "a task by reference in another function": "int run(Task<int>& task, const Foo& foo);",
    "a task from a call": "Task<int> task = make(a & b);",
    "an attribute": "[[nodiscard]] Task<int> f(int i);",
}

BRACE = "a brace initialiser inside a co_await expression"
LAMBDA = "a capturing lambda inside a co_await expression"
COROUTINE_LAMBDA = "a coroutine lambda must not capture"
REFERENCE = "a coroutine takes its parameters by value"

BAD = {
    "an aggregate as argument": ("co_await send(\n    Request{url},\n    scope);", 2, BRACE),
    "braces as argument": ("co_await send({url, 1}, scope);", 1, BRACE),
    "braces beside the co_await": ("use(Foo{1},\n    co_await get());", 1, BRACE),
    "braces after the co_await": ("use(co_await get(),\n    Foo{1});", 2, BRACE),
    "braces around the co_await": ("Foo foo{co_await get()};", 1, BRACE),
    "an awaiter built in place": ("co_await Sleep{1};", 1, BRACE),
    "braces in a condition": ("if (co_await send(Foo{1})) { go(); }", 1, BRACE),
    "braces in a template's call": ("co_await send<int>(std::vector<int>{1});", 1, BRACE),
    "braces in a co_return": ("co_return co_await send(Foo{});", 1, BRACE),
    "braces after a block": ("if (ok) { go(); }\nco_await send(Foo{1});", 2, BRACE),
    "braces after a text with one": ('co_await send("}", Foo{1});', 1, BRACE),
    "a lambda with a reference": ("co_await map([&] { return 1; });", 1, LAMBDA),
    "a lambda with a value": ("co_await map(\n  [x = 1](int y) { return x; });", 2, LAMBDA),
    "a coroutine lambda": (
        "auto f = [&foo]() -> Task<int> { co_return foo; };",
        1,
        COROUTINE_LAMBDA,
    ),
    "a coroutine lambda with this": ("spawn([this] { co_await go(); });", 1, COROUTINE_LAMBDA),
    "a const reference": ("Task<void> f(int i,\n             const Foo& foo);", 2, REFERENCE),
    "a reference": ("reactor::Task<Result<std::vector<int>>> A::f(Foo& foo) {}", 1, REFERENCE),
    "a forwarding reference": ("template <class T> Task<T> f(T&& value);", 1, REFERENCE),
    "a reference in a lambda": (
        "auto f = [](Foo& foo) -> Task<int> { co_return 1; };",
        1,
        REFERENCE,
    ),
}


@pytest.mark.parametrize("code", GOOD.values(), ids=GOOD.keys())
def test_sound_shapes_pass(tmp_path, code):
    for sample in (code, f"Task<int> g() {{\n{code}\n}}"):
        write_tree(tmp_path, {"room/a.cpp": sample})
        assert run_checker("coroutines", tmp_path) == (True, "")


@pytest.mark.parametrize(("code", "line", "message"), BAD.values(), ids=BAD.keys())
def test_others_are_reported_with_their_line(tmp_path, code, line, message):
    write_tree(tmp_path, {"room/a.h": f"Task<int> g() {{ {code}\n}}"})
    assert run_checker("coroutines", tmp_path) == (
        False,
        f"{tmp_path}/room/a.h:{line}: {message}\n",
    )
