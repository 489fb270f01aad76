import type { NameStyle } from './regions.ts';
import type { SeededRandom } from './seeded-random.ts';

type Names = readonly [string, ...string[]];

interface NamePool {
  given: Names;
  family: Names;
}

function names(text: string): Names {
  const [first = '', ...others] = text.split(',');
  return [first, ...others];
}

const POOLS: Record<NameStyle, NamePool> = {
  english: {
    given: names(
      'Olivia,Noah,Amelia,Liam,Ava,Ethan,Grace,Mason,Ella,Lucas,Harper,Owen,Zoe,Caleb,Ruby,Isaac,Nora,' +
        'Miles,Ivy,Theo,Mary-Kate,Siobhán',
    ),
    family: names(
      "Smith,Johnson,Brown,Taylor,Wilson,Davis,Clark,Lewis,Walker,Hall,Young,King,Wright,Hill,Green,Baker," +
        "Carter,Murphy,Nguyen,Patel,O'Neill,Okafor,Garcia,Featherstonehaugh-Cholmondeley",
    ),
  },
  german: {
    given: names('Anna,Lukas,Marie,Jonas,Lena,Felix,Sophie,Paul,Jürgen,Käthe,Max,Heike'),
    family: names('Müller,Schmidt,Schneider,Fischer,Weber,Wagner,Becker,Schäfer,Koch,Groß,Leutheusser-Schnarrenberger'),
  },
  french: {
    given: names('Camille,Louis,Chloé,Hugo,Manon,Jules,Léa,Théo,Inès,Gaëlle,François,Jean-Baptiste'),
    family: names(
      'Martin,Bernard,Dubois,Thomas,Robert,Richard,Petit,Lefèvre,Moreau,Garçon,' +
        'de La Rochefoucauld d’Enville',
    ),
  },
  dutch: {
    given: names('Emma,Daan,Julia,Sem,Mila,Bram,Fleur,Thijs,Saar,Joris'),
    family: names(
      'de Jong,Jansen,de Vries,van den Berg,Bakker,Visser,Smit,Meijer,Mulder,van der Westhuijzen-Oosterbaan',
    ),
  },
  spanish: {
    given: names('Lucía,Mateo,Sofía,Hugo,María José,Pablo,Ximena,Diego,Camila,Andrés'),
    family: names('García López,Rodríguez,Martínez Ruiz,Hernández,González,Pérez,Sánchez,Ramírez,Torres,Núñez'),
  },
  italian: {
    given: names('Giulia,Leonardo,Sofia,Francesco,Aurora,Lorenzo,Alice,Matteo,Chiara,Niccolò'),
    family: names('Rossi,Russo,Ferrari,Esposito,Bianchi,Romano,Colombo,Ricci,Marino,D’Angelo'),
  },
  portuguese: {
    given: names('Ana Clara,João,Maria Eduarda,Pedro,Beatriz,Gabriel,Letícia,Thiago,Larissa,Otávio'),
    family: names('Silva,Santos,Oliveira,Souza,Rodrigues,Ferreira,Alves,Conceição,Lima,de Albuquerque Cavalcanti'),
  },
  japanese: {
    given: names('陽菜,蓮,結衣,湊,さくら,悠真,葵,大翔,美咲,健太郎'),
    family: names('佐藤,鈴木,高橋,田中,伊藤,渡邉,山本,中村,小林,勅使河原'),
  },
  korean: {
    given: names('서연,민준,지우,도윤,하은,시우,서현,주원,수아,예준'),
    family: names('김,이,박,최,정,강,조,윤,장,남궁'),
  },
  chinese: {
    given: names('欣怡,浩然,梓涵,宇轩,诗琪,子墨,雨桐,俊杰,晓明,思远'),
    family: names('王,李,张,刘,陈,杨,赵,黄,周,欧阳'),
  },
  taiwanese: {
    given: names('淑芬,志明,雅婷,家豪,怡君,承恩,品妤,宥翔,佩珊,建宏'),
    family: names('陳,林,黃,張,李,王,吳,劉,蔡,歐陽'),
  },
  arabic: {
    given: names('فاطمة,محمد,نورة,عبدالله,مريم,خالد,سارة,أحمد,ليلى,عبد الرحمن'),
    family: names('العتيبي,القحطاني,الحربي,المنصوري,الشمري,الغامدي,بن راشد,الهاشمي,الزهراني,آل مكتوم'),
  },
  hebrew: {
    given: names('נועה,דוד,תמר,יוסף,מאיה,אורי,שירה,איתי,יעל,עומר'),
    family: names('כהן,לוי,מזרחי,פרץ,ביטון,דהן,אברהם,פרידמן,אזולאי,בן־דוד'),
  },
};

export interface Person {
  firstName: string | null;
  lastName: string | null;
  email: string;
}

/** Letters that a mail address keeps once accents are taken off; empty for scripts that have none. */
function asciiOf(name: string): string {
  return name.normalize('NFD').replace(/[^A-Za-z]/g, '').toLowerCase();
}

/** A name in the script of its region and an address that nobody can own (RFC 2606). */
export function drawPerson(random: SeededRandom, style: NameStyle, index: number): Person {
  const pool = POOLS[style];
  const given = random.pick(pool.given);
  const family = random.pick(pool.family);
  const shape = random.next();
  const local = [asciiOf(given), asciiOf(family)].filter((part) => part !== '').join('.') || 'shopper';
  return {
    // Some checkouts ask only for a surname, and some people give none.
    firstName: shape < 0.02 ? null : given,
    lastName: shape >= 0.02 && shape < 0.03 ? null : family,
    email: `${local.slice(0, 40)}.${index}@customers.example`,
  };
}
