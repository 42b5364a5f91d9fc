"""A step of training with the real libraries and tiny random models: `just test-integrations`."""

import math

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
datasets = pytest.importorskip("datasets")
pytest.importorskip("accelerate")

from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

from textgauge.integrations.rewards import reward  # noqa: E402
from textgauge.integrations.transformers import compute_metrics  # noqa: E402

# What the libraries warn of is their own business. They download nothing here.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(600)]

WORDS = ["<pad>", "<s>", "</s>", "<unk>", "the", "cat", "sat", "on", "mat", "dog", "ran"]
TEXTS = ["the cat sat", "the dog ran", "the cat sat on the mat", "the dog sat on the cat"]


@pytest.fixture(scope="module", autouse=True)
def offline():
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HF_HUB_OFFLINE", "1")
        patched.setenv("WANDB_DISABLED", "true")
        yield


@pytest.fixture(scope="module")
def tokenizer():
    model = models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="<unk>")
    words = Tokenizer(model)
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        padding_side="left",
    )


def causal_model():
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        vocab_size=len(WORDS),
        n_positions=64,
        n_embd=16,
        n_layer=1,
        n_head=2,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    return transformers.GPT2LMHeadModel(config)


def encoder_decoder_model():
    torch.manual_seed(0)
    config = transformers.T5Config(
        vocab_size=len(WORDS),
        d_model=16,
        d_kv=8,
        d_ff=16,
        num_layers=1,
        num_heads=2,
        decoder_start_token_id=0,
        eos_token_id=2,
        pad_token_id=0,
    )
    return transformers.T5ForConditionalGeneration(config)


def encoded(tokenizer):
    rows = [tokenizer(text)["input_ids"] for text in TEXTS]
    return [{"input_ids": row, "attention_mask": [1] * len(row), "labels": [*row, 2]} for row in rows]


def arguments(kind, folder, **options):
    return kind(
        output_dir=str(folder),
        max_steps=1,
        per_device_train_batch_size=4,
        per_device_eval_batch_size=2,
        report_to=[],
        use_cpu=True,
        save_strategy="no",
        disable_tqdm=True,
        **options,
    )


def check(scores):
    assert {"eval_rouge1", "eval_rougeL", "eval_chrf", "eval_wer"} <= scores.keys()
    assert all(0 <= scores[f"eval_{name}"] <= 1 for name in ("rouge1", "rougeL"))


METRICS = ["rouge1", "rougeL", "chrf", "wer"]


@pytest.mark.parametrize("generates", [True, False])
def test_seq2seq_trainer(tokenizer, tmp_path, generates):
    model = encoder_decoder_model()
    data = encoded(tokenizer)
    options = arguments(
        transformers.Seq2SeqTrainingArguments, tmp_path, predict_with_generate=generates, generation_max_length=8
    )
    trainer = transformers.Seq2SeqTrainer(
        model,
        options,
        train_dataset=data,
        eval_dataset=data,
        data_collator=transformers.DataCollatorForSeq2Seq(tokenizer, model),
        processing_class=tokenizer,
        compute_metrics=compute_metrics(tokenizer, METRICS),
    )
    trainer.train()
    check(trainer.evaluate())


def test_trainer_of_a_causal_model(tokenizer, tmp_path):
    data = [{"input_ids": row["input_ids"]} for row in encoded(tokenizer)]  # the collator makes the labels
    trainer = transformers.Trainer(
        causal_model(),
        arguments(transformers.TrainingArguments, tmp_path),
        train_dataset=data,
        eval_dataset=data,
        data_collator=transformers.DataCollatorForLanguageModeling(tokenizer, mlm=False),
        processing_class=tokenizer,
        compute_metrics=compute_metrics(tokenizer, METRICS, causal=True),
    )
    trainer.train()
    check(trainer.evaluate())


@pytest.mark.parametrize("method", ["GRPO", "RLOO"])
def test_rewards(tokenizer, tmp_path, method):
    trl = pytest.importorskip("trl")
    rows = [{"prompt": text, "summary": text} for text in TEXTS]
    options = arguments(
        getattr(trl, f"{method}Config"),
        tmp_path,
        num_generations=2,
        max_completion_length=6,
        logging_steps=1,
        beta=0.0,  # a model to stay near would be looked for by name
    )
    rewards = [
        reward({"rougeL": 1.0, "wer": 0.1}, reference_column="summary", name="both"),
        reward("rouge1", reference_column="summary"),
    ]
    trainer = getattr(trl, f"{method}Trainer")(
        causal_model(),
        rewards,
        args=options,
        train_dataset=datasets.Dataset.from_list(rows),
        processing_class=tokenizer,
    )
    trainer.train()
    logged = {name: value for each in trainer.state.log_history for name, value in each.items()}
    for name in ("both", "rouge1"):
        assert math.isfinite(logged[f"rewards/{name}/mean"])
