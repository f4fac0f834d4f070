"""The words of the reports, in English and Chinese: the English text is the key.

What comes from the data (names, identifiers, messages of signals) stays as it is. Terms follow ISO 3534 and GB/T 3358
where these have them (控制图, 过程能力指数, 检出限 / 定量限).
"""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """BCP 47."""

    ENGLISH = "en"
    CHINESE = "zh"


class Words:
    """`words("limit")` in the language of the report. Raises KeyError for words that nobody translated."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, text: str) -> str:
        chinese = CHINESE[text]
        return text if self.language is Language.ENGLISH else chinese


#: kinds of control charts, as `api.quality.spc` names them
CHARTS = {
    "xbar": "Means (X-bar)",
    "r": "Ranges (R)",
    "s": "Standard deviations (S)",
    "i": "Single values (I)",
    "mr": "Moving ranges (MR)",
    "p": "Share nonconforming (p)",
    "np": "Number nonconforming (np)",
    "c": "Defects (c)",
    "u": "Defects per piece (u)",
    "laney_p": "Share nonconforming (Laney p′)",
    "laney_u": "Defects per piece (Laney u′)",
    "ewma": "EWMA",
    "cusum": "CUSUM",
    "t2": "Hotelling T²",
    "spe": "SPE",
}

CHINESE = {
    # documents
    "Lot report": "批次报告",
    "Monthly report": "月度报告",
    "Made": "生成时间",
    "Times are in UTC.": "时间均为协调世界时（UTC）。",
    "Demonstration: the companies, goods and measurements here are invented.": (
        "演示：其中的公司、商品和测量数据均为虚构。"
    ),
    "This report shows what one server says. A proof that needs nobody's word:": (
        "本报告是一台服务器的陈述。无需信任任何人的证明："
    ),
    "SHA-256 of the data": "数据的 SHA-256",
    "page": "页",
    # disposition and record
    "Disposition": "处置状态",
    "on hold": "冻结",
    "index": "指数",
    "released": "放行",
    "recalled": "召回",
    "no decision": "尚无决定",
    "since": "自",
    "by": "由",
    "Reason": "原因",
    "Record": "记录",
    "events": "事件",
    "final on the chain": "已在链上最终确认",
    "Quantity now": "现有数量",
    "unknown": "未知",
    # data quality
    "Data quality": "数据质量",
    "of the time is known": "的时间有数据",
    "flagged": "已标记",
    "late": "迟到",
    "unverified": "未验证",
    # signals
    "Signals": "信号",
    "Nothing calls for attention, as far as was measured.": "就已测量的内容而言，没有需要注意之处。",
    "severity": "严重度",
    "what": "内容",
    "item": "物品",
    "owner": "负责人",
    "critical": "严重",
    "major": "主要",
    "minor": "次要",
    "warning": "警告",
    "in what it is made of": "来自其原料",
    "points signal": "判异点数",
    "of the time nobody knows": "的时间情况不明",
    # genealogy
    "Genealogy": "谱系",
    "made of": "来源",
    "went into": "去向",
    "share": "占比",
    "quantity": "数量",
    "Mass closure": "质量闭合",
    "mass closure": "质量闭合",
    "certain": "确定",
    "possible": "可能",
    # cold chain
    "Cold chain": "冷链",
    "mean kinetic temperature": "平均动力学温度",
    "above": "高于上限",
    "below": "低于下限",
    "hours": "小时",
    "Remaining shelf life": "剩余保质期",
    "days": "天",
    "Hatched: no sensor spoke, so nobody knows.": "斜线：没有传感器数据，情况不明。",
    # charts and results
    "Control charts": "控制图",
    "Solid: the specification. Dashed: the control limits. Diamonds: signals, with their rules.": (
        "实线：规格限。虚线：控制限。菱形：信号及其规则编号。"
    ),
    "rules": "判异规则",
    "limits from these points": "界限由这些点计算",
    "limits version": "界限版本",
    "limits": "界限",
    "limit": "限值",
    "Laboratory results": "实验室结果",
    "laboratory results": "实验室结果",
    "share of the limit": "占限值的比例",
    "analyte": "分析物",
    "value": "数值",
    "uncertainty": "不确定度",
    "laboratory": "实验室",
    "certificate": "证书",
    "verdict": "判定",
    "Inspections": "检验",
    "characteristic": "特性",
    "found": "结果",
    "number": "数量（件）",
    "passed": "合格",
    "failed": "不合格",
    "when": "时间",
    "Capability": "过程能力",
    "lower bound": "下限",
    "Sister lots": "姊妹批次",
    "shared ancestor": "共同来源",
    "Incidents": "异常事件",
    "opened": "发生",
    "acknowledged": "已确认",
    "cause code": "原因代码",
    "live": "进行中",
    "cleared": "已解除",
    # the month
    "Period": "期间",
    "Figures": "指标",
    "figure": "指标",
    "Lots with signals": "有信号的批次",
    "Overall equipment effectiveness": "设备综合效率（OEE）",
    "equipment": "设备",
    "availability": "时间开动率",
    "performance": "性能开动率",
    "quality": "合格品率",
    "Suppliers": "供应商",
    "supplier": "供应商",
    "units": "件数",
    "share nonconforming": "不合格率",
    "group": "组",
    "Suppliers with a letter in common cannot be told apart.": "有相同字母的供应商之间无显著差异。",
    "readings": "读数",
    "inspections": "检验次数",
    "interval": "区间",
    "Nothing was measured in this period.": "本期间没有测量数据。",
    # verdicts
    "outside": "超限",
    "in range": "在限内",
    "no limit": "无限值",
    "within uncertainty": "在不确定度之内超限",
    "capable": "能力充足",
    "not capable": "能力不足",
    # kinds of charts
    "Means (X-bar)": "均值图",
    "Ranges (R)": "极差图",
    "Standard deviations (S)": "标准差图",
    "Single values (I)": "单值图",
    "Moving ranges (MR)": "移动极差图",
    "Share nonconforming (p)": "不合格品率图",
    "Number nonconforming (np)": "不合格品数图",
    "Defects (c)": "缺陷数图",
    "Defects per piece (u)": "单位缺陷数图",
    "Share nonconforming (Laney p′)": "Laney p′ 图",
    "Defects per piece (Laney u′)": "Laney u′ 图",
    "EWMA": "EWMA 图",
    "CUSUM": "CUSUM 图",
    "Hotelling T²": "T² 图",
    "SPE": "SPE 图",
}
