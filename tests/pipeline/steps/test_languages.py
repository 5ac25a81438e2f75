"""Newsletters in six languages, and in three at once: what the editor likes is learned from titles in any script."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import product

import numpy as np
import pytest

from models.embedder import SentenceEmbedder
from models.metrics import ndcg
from pipeline.core.as_of import AsOf
from pipeline.core.types import Article, Issue
from pipeline.evaluation.results import OURS
from pipeline.ranking.snapshot import load_snapshot
from pipeline.steps.replay import replay_issues
from pipeline.store.articles import add_articles
from pipeline.store.issues import add_issues
from world import FIRST, article, issue

ISSUES, PICKS, OTHERS = 12, 4, 16  # a week
MEASURED = 5  # the last issues

# What the editor likes and what she passes over, and sentences to say it in. Each subject stands in several sentences
# and each sentence holds all subjects, so only the subject tells a pick.
LANGUAGES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "Chinese": {
        "liked": ("图书馆编目", "古籍修复", "读者服务", "开放获取期刊", "数字档案保存", "馆际互借", "文献检索课程"),
        "passed": (
            "足球联赛", "股票行情", "明星八卦", "家常菜谱", "二手汽车", "彩票开奖", "房价走势", "旅游攻略", "减肥方法",
            "手机游戏", "星座运势", "电视剧集", "时装潮流", "宠物训练",
        ),
        "sentences": (
            "谈谈{}的新变化", "我们为什么重视{}", "{}十年回顾", "从零开始学{}", "专家解读{}的未来", "小城市里的{}",
            "关于{}的五个误解", "一线人员眼中的{}", "春天里的{}", "没有人告诉你的{}", "{}与普通人的一天",
            "写给新人的{}笔记",
            "如何用一周了解{}", "{}背后的数字", "走进{}现场", "再见了，旧的{}",
        ),
    },
    "Korean": {
        "liked": ("도서관목록", "고문서복원", "이용자교육", "공개학술지", "디지털보존", "상호대차", "기록물관리"),
        "passed": (
            "프로축구", "주식시세", "연예소식", "집밥요리", "중고차", "복권당첨", "아파트분양", "여행코스", "다이어트",
            "모바일게임", "별자리운세", "주말드라마", "패션유행", "강아지훈련",
        ),
        "sentences": (
            "{}을 다시 생각하다", "왜 지금 {}인가", "{}에서 배운 열 가지", "{}의 오늘과 내일", "작은 도시의 {}",
            "{}에 대한 오해", "{}으로 시작하는 하루", "현장에서 본 {}과 사람들", "봄날의 {}", "아무도 말하지 않은 {}",
            "{}과 보통 사람들", "신입을 위한 {} 노트", "일주일 만에 아는 {}", "{} 뒤의 숫자", "{}의 현장을 가다",
            "안녕, 옛날 {}", "우리가 {}을 고른 까닭",
        ),
    },
    "German": {  # compounds: the word of the subject is another one in each sentence
        "liked": ("Katalog", "Handschriften", "Bibliotheks", "Zeitschriften", "Archiv", "Leserinnen", "Buch"),
        "passed": (
            "Fußball", "Aktien", "Schlager", "Grill", "Auto", "Lotto", "Wohnungs", "Urlaubs", "Diät", "Handyspiel",
            "Horoskop", "Fernseh", "Mode", "Hunde",
        ),
        "sentences": (
            "Was sich bei der {}pflege ändert", "Warum {}daten wichtig bleiben", "Zehn Jahre {}forschung",
            "{}wissen für Anfänger", "Wie eine kleine Stadt {}kultur neu denkt", "Fünf Irrtümer über {}preise",
            "Aus der Praxis: {}beratung", "Streit um {}regeln", "Frühling und {}zeit", "Was niemand über {}leute sagt",
            "{}freunde und der Alltag", "Notizen für Neulinge: {}begriffe", "In einer Woche: {}kurse",
            "Zahlen hinter {}trends", "Ein Besuch in der {}welt", "Abschied von {}helden",
        ),
    },
    "Japanese": {
        "liked": ("図書館目録", "古文書修復", "利用者教育", "機関リポジトリ", "電子アーカイブ", "相互貸借", "文献検索"),
        "passed": (
            "サッカー中継", "株価予想", "芸能ゴシップ", "時短レシピ", "中古車", "宝くじ", "マンション価格", "温泉旅行",
            "ダイエット", "スマホゲーム", "星占い", "連続ドラマ", "秋のファッション", "子犬のしつけ",
        ),
        "sentences": (
            "{}を考え直す", "なぜ今{}なのか", "{}から学んだ十のこと", "{}の今とこれから", "小さな町の{}", "{}への誤解",
            "{}で始まる一日", "現場から見た{}", "春の{}", "誰も言わない{}", "{}とふつうの人々", "新人のための{}ノート",
            "一週間でわかる{}", "{}の裏にある数字", "{}の現場を訪ねて", "さよなら、昔の{}",
        ),
    },
    "Arabic": {  # and, with, for are letters before the word of the subject
        "liked": ("الفهرسة", "المخطوطات", "الأرشفة", "الإعارة", "المكتبات", "التوثيق", "الببليوغرافيا"),
        "passed": (
            "الكرة", "الأسهم", "المشاهير", "الطبخ", "السيارات", "اليانصيب", "العقارات", "السفر", "الحمية", "الألعاب",
            "الأبراج", "المسلسلات", "الأزياء", "الحيوانات",
        ),
        "sentences": (
            "نظرة جديدة إلى {}", "لماذا نهتم ب{} اليوم",
            "عشر سنوات من {}", "المدينة الصغيرة و{}", "خمسة أخطاء شائعة في {}",
            "يوم يبدأ ب{}", "من الميدان: {} كما هي", "الربيع و{}", "ما لا يقوله أحد عن {}", "{} والناس العاديون",
            "ملاحظات للمبتدئين في {}", "كيف تتعلم {} في أسبوع", "أرقام وراء {}", "زيارة إلى عالم {}",
            "وداعا يا {} القديمة",
            "مستقبل {} في رأي الخبراء",
        ),
    },
    "Portuguese": {
        "liked": (
            "catálogo", "manuscritos", "biblioteca", "periódicos", "arquivo", "leitores", "acervo",
        ),
        "passed": (
            "futebol", "ações", "celebridades", "churrasco", "carros usados", "loteria", "apartamentos", "férias",
            "dieta", "jogos de celular", "horóscopo", "novelas", "moda", "cachorros",
        ),
        "sentences": (
            "O que muda com {} neste ano", "Por que ainda falamos de {}", "Dez anos de {}", "{} para iniciantes",
            "Como uma cidade pequena repensa {}", "Cinco equívocos sobre {}", "Da prática: {} no dia a dia",
            "A disputa em torno de {}", "Primavera e {}", "O que ninguém conta sobre {}", "{} e a vida comum",
            "Notas de {} para quem chega", "{} em uma semana", "Os números por trás de {}", "Uma visita ao mundo de {}",
            "Adeus ao velho jeito de {}",
        ),
    },
}  # fmt: skip
MIXED = "Portuguese and Japanese and Arabic"

# nDCG@20; Chinese was 0.936 when titles were split at spaces
LEAST = {
    "Chinese": 0.97, "Korean": 0.97, "German": 0.95, "Japanese": 0.95, "Portuguese": 0.95, "Arabic": 0.9, MIXED: 0.8
}  # fmt: skip
LEAST_WITH_SUMMARIES = {"Japanese": 0.95, "Arabic": 0.95, MIXED: 0.9}


def stream(languages: str, *, has_summaries: bool = False) -> tuple[list[Issue], list[Article]]:
    """Weekly issues and the articles they chose from, in one language or in several ("… and …") by chance.

    A third of the picks come from a host that brings little else; the others from one that brings everything.
    A summary is two other sentences about the subject.
    """
    random = np.random.default_rng(sum(languages.encode()))
    pools = {}
    for kind in ("liked", "passed"):
        told = [
            tuple(texts["sentences"][(n + k) % len(texts["sentences"])].format(subject) for k in (0, 5, 9))
            for texts in map(LANGUAGES.__getitem__, languages.split(" and "))
            for subject, n in product(texts[kind], range(len(texts["sentences"])))
        ]
        pools[kind] = [told[n] for n in random.permutation(len(told))]
    issues, articles = [], []
    for number in range(1, ISSUES + 1):
        day = FIRST + timedelta(weeks=number - 1)
        week = []
        for kind, n in (("liked", PICKS), ("passed", OTHERS)):
            for k in range(n):
                titles = pools[kind]
                title, *summary = titles[(number - 1) * n + k]  # each once
                host = "fach" if random.random() < (0.35 if kind == "liked" else 0.08) else "alles"
                url = f"https://{host}.example/{number}/{len(week)}"
                text = ". ".join(summary) if has_summaries else ""
                week.append(article(title, day - timedelta(days=k % 6), url, summary=text))
        articles += week
        issues.append(issue(number, [("teams", a.title, a.url) for a in week[:PICKS]]))
    return issues, articles


def figures(workspace, languages: str, **kwargs: bool) -> dict[str, float]:
    """nDCG@20 of ours and of two baselines on the last issues."""
    issues, articles = stream(languages, **kwargs)
    with workspace.database.writing() as connection:
        add_issues(connection, issues)
        add_articles(connection, articles)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=ISSUES + 1))
    snapshot = load_snapshot(workspace.database, workspace.newsletter, SentenceEmbedder(), as_of)
    replay = replay_issues(snapshot, snapshot.issues[-MEASURED:])
    found = {
        ranker: float(np.mean([ndcg(o.picked[o.order(ranker)]) for o in replay.outcomes]))
        for ranker in (OURS, "source prior", "tf-idf svm")
    }
    print(languages, {ranker: round(value, 3) for ranker, value in found.items()})
    return found


@pytest.mark.parametrize("language", LEAST)
def test_any_language_ranks_above_its_baselines(workspace, language):
    """With the shipped model, which reads none of them well, ours beats source prior and tf-idf."""
    found = figures(workspace, language)
    assert found[OURS] > LEAST[language]
    assert found[OURS] >= found["source prior"] + 0.1
    assert 1 - found[OURS] <= 0.75 * (1 - found["tf-idf svm"])


@pytest.mark.parametrize("languages", LEAST_WITH_SUMMARIES)
def test_summaries_help_in_any_language(workspace, languages):
    """Two more sentences about each article bring the order nearer to the editor's than titles alone."""
    assert figures(workspace, languages, has_summaries=True)[OURS] > LEAST_WITH_SUMMARIES[languages]
