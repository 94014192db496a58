-- What the Department for Education published for Bradford.
-- Source: Department for Education, "Pupil attendance in schools", academic year 2025/26 to date,
-- 8 September 2025 to 10 July 2026, rows of Bradford (380).  Contains public sector information
-- licensed under the Open Government Licence v3.0.

CREATE TEMPORARY TABLE published (
    phase text PRIMARY KEY,
    enrolments numeric, -- a mean over the days
    possible bigint, attendance numeric, absence numeric, authorised numeric, unauthorised numeric,
    persistent_absence numeric
);
INSERT INTO published VALUES
    ('Primary', 43672.1032608696, 15331545, 94.20862020103, 5.79137979897003, 3.63758512269964, 2.1537946762704,
        16.8430842818548),
    ('Secondary', 34545.8913043478, 12375066, 89.1628941615342, 10.8371058384658, 5.19596420738281, 5.64114163108302,
        31.0659845479223),
    ('Special', 1330.77173913043, 480245, 85.7000072879468, 14.2999927120532, 9.37209132838447, 4.92790138366875,
        38.8697450034459),
    ('Total', 79548.7663043478, 28186856, 91.8483920306685, 8.15160796933152, 4.41947480769051, 3.73213316164101,
        23.6360853028108);

-- Percentages of possible sessions by code.
CREATE TEMPORARY TABLE published_code (phase text, mark session_mark, percent numeric);
INSERT INTO published_code VALUES
    ('Primary', 'I', 2.81690462376753), ('Primary', 'M', 0.252551194286029), ('Primary', 'G', 0.764769630197087),
    ('Primary', 'O', 1.11070997737019), ('Primary', 'U', 0.232761929733761),
    ('Primary', 'N', 0.0455531389693602), ('Primary', 'R', 0.0871536430281488), ('Primary', 'S', 9.78374977864266e-05),
    ('Primary', 'T', 0.00168280496192654), ('Primary', 'E', 0.0429897965273559),
    ('Primary', 'C1', 0.00172846246089354), ('Primary', 'J1', 0.00684862484504986),
    ('Primary', 'C2', 0.145803961701185), ('Primary', 'C', 0.281824173623728),
    ('Secondary', 'I', 3.21744546655347), ('Secondary', 'M', 0.314568019273594), ('Secondary', 'G', 0.530025456025851),
    ('Secondary', 'O', 4.51985468198715), ('Secondary', 'U', 0.561055593562087),
    ('Secondary', 'N', 0.0302058995079299), ('Secondary', 'R', 0.100936835407585),
    ('Secondary', 'S', 0.0788117008830498), ('Secondary', 'T', 0.000476765134020295),
    ('Secondary', 'E', 0.563390934642288),
    ('Secondary', 'C1', 0.00200402971588192), ('Secondary', 'J1', 0.0126140741390793),
    ('Secondary', 'C2', 0.568570704996644), ('Secondary', 'C', 0.337145676637199),
    ('Special', 'I', 6.07106789242991), ('Special', 'M', 1.15316140719841), ('Special', 'G', 0.742121208966257),
    ('Special', 'O', 3.75245968203729), ('Special', 'U', 0.425407864735708),
    ('Special', 'N', 0.00791262792949432), ('Special', 'R', 0.0676737915022541), ('Special', 'S', 0.014992347655884),
    ('Special', 'T', 0), ('Special', 'E', 0.0657997480452686),
    ('Special', 'C1', 0.000416454101552333), ('Special', 'J1', 0.0233214296869306), ('Special', 'C2', 0.78376661912149),
    ('Special', 'C', 1.19189163864278),
    ('Total', 'I', 3.04820090612447), ('Total', 'M', 0.295123372397404), ('Total', 'G', 0.661322426311044),
    ('Total', 'O', 2.65245971384677), ('Total', 'U', 0.380177200323442),
    ('Total', 'N', 0.0381738211597633), ('Total', 'R', 0.0928730753085765), ('Total', 'S', 0.0349098884955456),
    ('Total', 'T', 0.00112463766799674), ('Total', 'E', 0.271853661153269),
    ('Total', 'C1', 0.00182709274138272), ('Total', 'J1', 0.00966053113550514), ('Total', 'C2', 0.342283651642454),
    ('Total', 'C', 0.321617991023901);

-- England, of the same series: the year to date, and the weeks of September.
CREATE TEMPORARY TABLE published_england (time_period text, time_identifier text, phase text, possible bigint,
    attended bigint,
    absent bigint, authorised bigint, unauthorised bigint, absence numeric, persistent_absence numeric);
INSERT INTO published_england VALUES
    ('202526', 'Academic year', 'Primary', 1299079364, 1230531096, 68548268, 48445756, 20102512, 5.27668054005052,
        13.7725665268702),
    ('202526', 'Academic year', 'Secondary', 1093892081, 1001023029, 92869052, 57111352, 35757700, 8.4897819092997,
        23.7680342651037),
    ('202526', 'Academic year', 'Special', 52448242, 45541257, 6906985, 5018975, 1888010, 13.1691449257727,
        36.0616778356912),
    ('202526', 'Academic year', 'Total', 2445419687, 2277095382, 168324305, 110576083, 57748222, 6.88324813506746,
        18.7817604593414),
    ('2025', 'Week 37', 'Primary', 35920681, 34560190, 1360491, 852148, 508343, 3.78748665705976, NULL),
    ('2025', 'Week 37', 'Secondary', 31606147, 29827408, 1778739, 1025823, 752916, 5.62782613141678, NULL),
    ('2025', 'Week 37', 'Special', 1440961, 1292565, 148396, 103374, 45022, 10.2984050227591, NULL),
    ('2025', 'Week 37', 'Total', 68967789, 65680163, 3287626, 1981345, 1306281, 4.76690067590829, NULL),
    ('2025', 'Week 38', 'Primary', 35947881, 34322390, 1625491, 1164404, 461087, 4.5217992125878, NULL),
    ('2025', 'Week 38', 'Secondary', 31387328, 29206676, 2180652, 1412939, 767713, 6.94755539560424, NULL),
    ('2025', 'Week 38', 'Special', 1455641, 1283609, 172032, 126175, 45857, 11.8182986052193, NULL),
    ('2025', 'Week 38', 'Total', 68790850, 64812675, 3978175, 2703518, 1274657, 5.78300021005701, NULL),
    ('2025', 'Week 39', 'Primary', 35895786, 34309248, 1586538, 1124332, 462206, 4.41984471380568, NULL),
    ('2025', 'Week 39', 'Secondary', 31148046, 28793217, 2354829, 1548339, 806490, 7.56011789632005, NULL),
    ('2025', 'Week 39', 'Special', 1452749, 1272270, 180479, 133483, 46996, 12.4232747707966, NULL),
    ('2025', 'Week 39', 'Total', 68496581, 64374735, 4121846, 2806154, 1315692, 6.01759378325759, NULL);
