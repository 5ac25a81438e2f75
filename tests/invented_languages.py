"""Titles of invented newsletters in ten languages."""

from collections.abc import Mapping, Sequence

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
    "Hindi": {  # vowel signs are marks, which belong to the letter before them
        "liked": ("पुस्तकालय सूची", "पांडुलिपियाँ", "पाठक सेवाएँ", "खुली पत्रिकाएँ", "डिजिटल संग्रह", "ग्रंथसूची", "अभिलेखागार"),
        "passed": (
            "क्रिकेट", "शेयर बाज़ार", "फ़िल्मी सितारे", "घर की रसोई", "पुरानी गाड़ियाँ", "लॉटरी", "मकानों के दाम", "सैर-सपाटा",
            "वज़न घटाना", "मोबाइल खेल", "राशिफल", "धारावाहिक", "नए फ़ैशन", "पालतू कुत्ते",
        ),
        "sentences": (
            "इस साल {} में क्या बदला", "हम {} की बात क्यों करते हैं", "{} के दस साल", "{} सीखने की शुरुआत",
            "छोटे शहर में {} का नया रूप", "{} के बारे में पाँच भ्रम", "रोज़ के काम में {}", "{} को लेकर बहस",
            "वसंत और {}", "{} की वे बातें जो कोई नहीं बताता", "{} और आम लोग", "नए लोगों के लिए {} पर टिप्पणियाँ",
            "एक हफ़्ते में {}", "{} के पीछे के आँकड़े", "{} की दुनिया की एक यात्रा", "{} के पुराने ढंग को विदा",
        ),
    },
    "Turkish": {  # subjects in several cases; "i" has the capital "İ", and "I" is that of "ı"
        "liked": (
            "ispat dosyası", "ılık depo odası", "içerik sayfası", "el yazması", "ıslak onarım masası", "iade masası",
            "okur odası",
        ),
        "passed": (
            "ilk yarı maçı", "ikinci el arabası", "ıspanak çorbası", "borsa kazancı", "ünlü kavgası", "piyango parası",
            "ev kirası", "ırmak kıyısı", "ince bel masajı", "telefon oyunları", "yıldız falı", "dizi arkası",
            "ipek modası", "köpek maması",
        ),
        "sentences": (
            "Bu yıl {}nda ne değişti", "{} neden hâlâ önemli", "{}yla geçen on yıl", "{}na giriş",
            "Küçük bir kentte {}",
            "{} hakkında beş yanlış", "{} her gün nasıl yapılır", "{} üzerine tartışma", "Bahar ve {}",
            "{} için kimsenin söylemediği", "{} ve sıradan insanlar", "Yeni başlayana {} notları",
            "{}nı bir haftada öğrenmek",
            "{}nın arkasındaki sayılar", "{} dünyasına bir gezi", "Eski {}na veda",
        ),
    },
    "Vietnamese": {  # a syllable a word, many with two accents
        "liked": (
            "mục lục thư viện", "bản thảo cổ", "phục vụ bạn đọc", "tạp chí mở", "lưu trữ số", "mượn liên thư viện",
            "thư mục học",
        ),
        "passed": (
            "bóng đá", "cổ phiếu", "chuyện sao", "món ăn ngon", "xe cũ", "xổ số", "giá nhà", "du lịch biển", "giảm cân",
            "trò chơi điện thoại", "tử vi", "phim truyền hình", "thời trang thu", "nuôi chó",
        ),
        "sentences": (
            "Điều gì thay đổi ở {} năm nay", "Vì sao ta còn nói về {}", "Mười năm {}", "{} cho người mới",
            "Một thị trấn nhỏ nghĩ lại về {}", "Năm hiểu lầm về {}", "{} trong việc hằng ngày", "Tranh cãi quanh {}",
            "Mùa xuân và {}", "Điều không ai kể về {}", "{} và đời thường", "Ghi chép {} cho người đến sau",
            "{} trong một tuần", "Những con số sau {}", "Ghé thăm thế giới {}", "Chia tay lối {} cũ",
        ),
    },
    "Thai": {  # no spaces between words; vowel signs and tone marks stand above and below their letter
        "liked": ("บัตรรายการห้องสมุด", "เอกสารโบราณ", "บริการผู้อ่าน", "วารสารเปิด", "คลังดิจิทัล", "ยืมระหว่างห้องสมุด", "บรรณานุกรม"),
        "passed": (
            "ฟุตบอล", "ราคาหุ้น", "ข่าวดารา", "สูตรอาหาร", "รถมือสอง", "ผลสลาก", "ราคาบ้าน", "เที่ยวทะเล", "ลดน้ำหนัก",
            "เกมมือถือ", "ดวงรายวัน", "ละครเย็น", "แฟชั่นใหม่", "เลี้ยงสุนัข",
        ),
        "sentences": (
            "ปีนี้{}เปลี่ยนไปอย่างไร", "ทำไมเรายังพูดถึง{}", "สิบปีของ{}", "{}สำหรับผู้เริ่มต้น", "เมืองเล็กกับ{}",
            "ห้าความเข้าใจผิดเรื่อง{}", "{}ในงานประจำวัน", "ข้อถกเถียงเรื่อง{}", "ฤดูใบไม้ผลิกับ{}", "สิ่งที่ไม่มีใครบอกเรื่อง{}",
            "{}กับคนธรรมดา", "บันทึก{}ถึงคนมาใหม่", "รู้จัก{}ในหนึ่งสัปดาห์", "ตัวเลขเบื้องหลัง{}", "เยี่ยมโลกของ{}", "ลาก่อน{}แบบเก่า",
        ),
    },
}  # fmt: skip
