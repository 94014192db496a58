-- Figures of the Department for Education, computed again to the last published digit.
--
-- Sources, Open Government Licence v3.0: "Pupil attendance in schools", year to date 2025/26
-- (8 September 2025 to 10 July 2026), and "Pupil absence in schools in England", full years.
BEGIN;
SELECT plan(20);

-- ---------- the daily series: sessions by code, sessions by class, percentages ----------

-- Percentages stand as the file has them: 15 significant digits, without final zeros.  F is what
-- schools still send though the code ended in 2013; the file counts it as authorised absence
-- without a column of its own.  Coverage is pooled, so that phases add up to their total.
CREATE TABLE published (area text, phase text, codes text, sessions text, percentages text);
INSERT INTO published VALUES
    ('England', 'Primary',
     '/:596248903 \:606376201 L:14574915 B:2478465 K:229071 P:1101777 V:9521170 W:548 J:46 C:4773352 C1:43089
     C2:2165735 E:478785 I:36191780 J1:220738 M:3533055 R:851311 S:2797 T:184890 H:214 F:10 G:6948330
     N:642003 O:10312019 U:2200160',
     'possible:1299079364 attended:1230531096 absent:68548268 present:1217200019 approved_activity:13331077
     authorised:48445756 unauthorised:20102512 late:16775075',
     'attendance:94.7233194599495 absence:5.27668054005052 authorised:3.72923759260023
     unauthorised:1.54744294745028 I:2.78595603955726 M:0.271966062883284 G:0.534865705094827
     O:0.793794381295399 U:0.169363016684791 N:0.0494198443752664 R:0.0655318699989757 S:0.000215306322116283
     T:0.0142323868058919 E:0.0368557159222183 C1:0.00331688741997444 J1:0.0169918794892042
     C2:0.166713063113517 C:0.367441138107402'),
    ('England', 'Secondary',
     '/:469270046 \:484186915 L:30519828 B:3277757 K:862932 P:1554933 V:7976206 W:3374371 J:41 C:4657368
     C1:56075 C2:3511650 E:3158295 I:39674988 J1:171836 M:4116441 R:633074 S:1098362 T:33055 H:112 F:96
     G:3439600 N:541316 O:28533487 U:3243297',
     'possible:1093892081 attended:1001023029 absent:92869052 present:983976789 approved_activity:17046240
     authorised:57111352 unauthorised:35757700 late:33763125',
     'attendance:91.5102180907003 absence:8.4897819092997 authorised:5.22093111303911
     unauthorised:3.26885079626059 I:3.62695632312563 M:0.376311436155282 G:0.314436868110027
     O:2.60843711144847 U:0.296491496403839 N:0.0494853202982461 R:0.0578735335044445 S:0.10040862522708
     T:0.00302177889155045 E:0.288720894396894 C1:0.00512619123714088 J1:0.0157086794012544
     C2:0.321023441068315 C:0.425761195358722'),
    ('England', 'Special',
     '/:22088855 \:22230096 L:402137 B:466368 K:53154 P:25028 V:243536 W:32083 C:878720 C1:2416 C2:833003
     E:91266 I:2632592 J1:5269 M:532330 R:27995 S:11896 T:3426 H:62 G:213652 N:36279 O:1468483 U:169596',
     'possible:52448242 attended:45541257 absent:6906985 present:44721088 approved_activity:820169
     authorised:5018975 unauthorised:1888010 late:571733',
     'attendance:86.8308550742273 absence:13.1691449257727 authorised:9.56938652014304
     unauthorised:3.59975840562969 I:5.01940942081529 M:1.01496252248073 G:0.407357790943689
     O:2.79987077545898 U:0.323358788651105 N:0.0691710505759183 R:0.0533764315684785 S:0.0226814084636049
     T:0.00653215411872146 E:0.174011552188918 C1:0.00460644610357007 J1:0.010046094585973
     C2:1.58823817202491 C:1.6754041060137'),
    ('England', 'Total',
     '/:1087607804 \:1112793212 L:45496880 B:6222590 K:1145157 P:2681738 V:17740912 W:3407002 J:87 C:10309440
     C1:101580 C2:6510388 E:3728346 I:78499360 J1:397843 M:8181826 R:1512380 S:1113055 T:221371 H:388 F:106
     G:10601582 N:1219598 O:40313989 U:5613053',
     'possible:2445419687 attended:2277095382 absent:168324305 present:2245897896 approved_activity:31197486
     authorised:110576083 unauthorised:57748222 late:51109933',
     'attendance:93.1167518649325 absence:6.88324813506746 authorised:4.52176301629652
     unauthorised:2.36148511877094 I:3.21005676110761 M:0.334577579607095 G:0.433528120197881
     O:1.64855093030908 U:0.229533320183825 N:0.049872748080154 R:0.0618454168844679 S:0.0455159090244128
     T:0.00905247476238217 E:0.152462418611419 C1:0.004153888207411 J1:0.0162689047657119
     C2:0.266227839524218 C:0.421581622770341'),
    ('Bradford', 'Primary',
     '/:6954136 \:7144197 L:222158 B:20482 K:2259 P:4580 V:95825 C:43208 C1:265 C2:22354 E:6591 I:431875
     J1:1050 M:38720 R:13362 S:15 T:258 G:117251 N:6984 O:170289 U:35686',
     'possible:15331545 attended:14443637 absent:887908 present:14320491 approved_activity:123146
     authorised:557698 unauthorised:330210 late:257844',
     'attendance:94.20862020103 absence:5.79137979897003 authorised:3.63758512269964
     unauthorised:2.1537946762704 I:2.81690462376753 M:0.252551194286029 G:0.764769630197087
     O:1.11070997737019 U:0.232761929733761 N:0.0455531389693602 R:0.0871536430281488 S:9.78374977864266e-05
     T:0.00168280496192654 E:0.0429897965273559 C1:0.00172846246089354 J1:0.00684862484504986
     C2:0.145803961701185 C:0.281824173623728'),
    ('Bradford', 'Secondary',
     '/:5110957 \:5361989 L:409419 B:50550 K:20312 P:7172 V:65262 W:8306 C:41722 C1:248 C2:70361 E:69720
     I:398161 J1:1561 M:38928 R:12491 S:9753 T:59 G:65591 N:3738 O:559335 U:69431',
     'possible:12375066 attended:11033967 absent:1341099 present:10882365 approved_activity:151602
     authorised:643004 unauthorised:698095 late:478850',
     'attendance:89.1628941615342 absence:10.8371058384658 authorised:5.19596420738281
     unauthorised:5.64114163108302 I:3.21744546655347 M:0.314568019273594 G:0.530025456025851
     O:4.51985468198715 U:0.561055593562087 N:0.0302058995079299 R:0.100936835407585 S:0.0788117008830498
     T:0.000476765134020295 E:0.563390934642288 C1:0.00200402971588192 J1:0.0126140741390793
     C2:0.568570704996644 C:0.337145676637199'),
    ('Bradford', 'Special',
     '/:197570 \:203736 L:5095 B:2587 K:2 P:2 V:2504 W:74 C:5724 C1:2 C2:3764 E:316 I:29156 J1:112 M:5538
     R:325 S:72 G:3564 N:38 O:18021 U:2043',
     'possible:480245 attended:411570 absent:68675 present:406401 approved_activity:5169 authorised:45009
     unauthorised:23666 late:7138',
     'attendance:85.7000072879468 absence:14.2999927120532 authorised:9.37209132838447
     unauthorised:4.92790138366875 I:6.07106789242991 M:1.15316140719841 G:0.742121208966257
     O:3.75245968203729 U:0.425407864735708 N:0.00791262792949432 R:0.0676737915022541 S:0.014992347655884
     T:0 E:0.0657997480452686 C1:0.000416454101552333 J1:0.0233214296869306 C2:0.78376661912149
     C:1.19189163864278'),
    ('Bradford', 'Total',
     '/:12262663 \:12709922 L:636672 B:73619 K:22573 P:11754 V:163591 W:8380 C:90654 C1:515 C2:96479 E:76627
     I:859192 J1:2723 M:83186 R:26178 S:9840 T:317 G:186406 N:10760 O:747645 U:107160',
     'possible:28186856 attended:25889174 absent:2297682 present:25609257 approved_activity:279917
     authorised:1245711 unauthorised:1051971 late:743832',
     'attendance:91.8483920306685 absence:8.15160796933152 authorised:4.41947480769051
     unauthorised:3.73213316164101 I:3.04820090612447 M:0.295123372397404 G:0.661322426311044
     O:2.65245971384677 U:0.380177200323442 N:0.0381738211597633 R:0.0928730753085765 S:0.0349098884955456
     T:0.00112463766799674 E:0.271853661153269 C1:0.00182709274138272 J1:0.00966053113550514
     C2:0.342283651642454 C:0.321617991023901'),
    ('Yorkshire and The Humber', 'Total',
     '/:109971996 \:112865845 L:4614216 B:722574 K:139264 P:227874 V:1702222 W:263361 J:2 C:835790 C1:8597
     C2:708966 E:542539 I:7338974 J1:21446 M:769877 R:141393 S:58480 T:21610 H:13 F:10 G:1452272 N:99054
     O:5296040 U:611244',
     'possible:248413659 attended:230507354 absent:17906305 present:227452057 approved_activity:3055297
     authorised:10447695 unauthorised:7458610 late:5225460',
     'attendance:92.7917389598935 absence:7.20826104010649 authorised:4.20576511052478
     unauthorised:3.00249592958171 I:2.9543359368979 M:0.309917338321561 G:0.584618416654778
     O:2.1319439604567 U:0.2460589334985 N:0.039874618971737 R:0.0569183677617341 S:0.0235413786163828
     T:0.00869919958789384 E:0.218401436613435 C1:0.00346075978052398 J1:0.00863318067385337
     C2:0.285397350070835 C:0.336450903450522'),
    ('Leeds', 'Secondary',
     '/:7388984 \:7730834 L:533665 B:64232 K:6570 P:11963 V:129719 W:19178 C:60298 C1:721 C2:58269 E:40797
     I:485195 J1:2528 M:45907 R:14195 S:7578 T:81 G:79231 N:6008 O:685846 U:53659',
     'possible:17425458 attended:15885145 absent:1540313 present:15653483 approved_activity:231662
     authorised:715569 unauthorised:824744 late:587324',
     'attendance:91.1605594527272 absence:8.83944054727285 authorised:4.10645734533922
     unauthorised:4.73298320193363 I:2.78440314165631 M:0.263447881828988 G:0.454685323048611
     O:3.93588507114131 U:0.307934517416988 N:0.0344782903267162 R:0.0814612734999562 S:0.0434880965539041
     T:0.00046483713656192 E:0.23412297111502 C1:0.00413762438840919 J1:0.0145075096447967
     C2:0.334390063090451 C:0.346033946424823'),
    ('Tower Hamlets', 'Primary',
     '/:2888149 \:2977455 L:124330 B:7205 K:918 P:1669 V:40233 C:22495 C1:79 C2:3850 E:1031 I:224480 J1:4140
     M:17163 R:3083 S:1 T:1 G:42302 N:4588 O:54743 U:2339',
     'possible:6420254 attended:6039959 absent:380295 present:5989934 approved_activity:50025
     authorised:276323 unauthorised:103972 late:126669',
     'attendance:94.0766362203115 absence:5.92336377968847 authorised:4.3039262932588
     unauthorised:1.61943748642966 I:3.49643487625256 M:0.267325872153968 G:0.658883589340858
     O:0.852660969488123 U:0.0364315804327991 N:0.0714613471678846 R:0.0480199070005642
     S:1.55757077523724e-05 T:1.55757077523724e-05 E:0.016058554692696 C1:0.00123048091243742
     J1:0.0644834300948218 C2:0.0599664748466338 C:0.350375545889617'),
    ('Tower Hamlets', 'Secondary',
     '/:1974854 \:2113660 L:186068 B:23275 K:8912 P:4949 V:36338 W:13665 C:14187 C1:17 C2:3280 E:6800 I:141110
     J1:298 M:10649 R:2086 S:448 T:2 G:18458 N:2874 O:107019 U:333',
     'possible:4669282 attended:4361721 absent:307561 present:4274582 approved_activity:87139
     authorised:178877 unauthorised:128684 late:186401',
     'attendance:93.4130986305817 absence:6.58690136941825 authorised:3.83093160790032
     unauthorised:2.75596976151794 I:3.02209204755678 M:0.228065042976629 G:0.395307030074431
     O:2.29197979475217 U:0.00713171746748215 N:0.061551219223855 R:0.0446749628743777 S:0.00959462289919521
     T:4.28331379428358e-05 E:0.145632669005642 C1:0.000364081672514104 J1:0.00638213755348253
     C2:0.0702463462262506 C:0.303836863997505'),
    ('Kent', 'Total',
     '/:32220208 \:33045828 L:1354216 B:159828 K:13580 P:88471 V:538707 W:97037 C:324051 C1:2662 C2:222444
     E:83263 I:2408648 J1:13675 M:270830 R:17098 S:70099 T:4476 F:6 G:279222 N:39111 O:1230621 U:154810',
     'possible:72638891 attended:67517875 absent:5121016 present:66620252 approved_activity:897623
     authorised:3417252 unauthorised:1703764 late:1509026',
     'attendance:92.9500355395018 absence:7.04996446049817 authorised:4.70443856308324
     unauthorised:2.34552589741493 I:3.31592066844743 M:0.372844348628615 G:0.384397388445812
     O:1.69416270410846 U:0.213122747152073 N:0.0538430577085765 R:0.0235383549564379 S:0.0965034006369948
     T:0.0061619883486382 E:0.114625924010872 C1:0.00366470352637955 J1:0.0188260032769498
     C2:0.306232648843716 C:0.446112262369204'),
    ('Kent', 'Special',
     '/:826093 \:826449 L:15934 B:16319 K:1362 P:2576 V:8387 W:1955 C:42036 C1:125 C2:54621 E:4204 I:102982
     J1:310 M:22134 R:245 S:488 T:20 G:7688 N:1191 O:61765 U:6005',
     'possible:2002889 attended:1699075 absent:303814 present:1668476 approved_activity:30599
     authorised:227165 unauthorised:76649 late:21939',
     'attendance:84.8312113152551 absence:15.1687886847449 authorised:11.34186667359
     unauthorised:3.82692201115489 I:5.14167285356303 M:1.10510367773751 G:0.383845535124513
     O:3.0837954574617 U:0.299816914467052 N:0.0594641041016252 R:0.012232330398739 S:0.024364805039121
     T:0.000998557583570532 E:0.209896804066526 C1:0.00624098489731583 J1:0.0154776425453433
     C2:2.7271106886103 C:2.09876832914855'),
    ('Birmingham', 'Primary',
     '/:14052700 \:14450781 L:482008 B:37016 K:2453 P:7760 V:169362 W:30 C:91715 C1:401 C2:23938 E:17233
     I:923180 J1:1932 M:75040 R:65061 S:39 T:158 G:197020 N:18136 O:327610 U:65209',
     'possible:31008782 attended:29202110 absent:1806672 present:28985489 approved_activity:216621
     authorised:1198697 unauthorised:607975 late:547217',
     'attendance:94.1736763475586 absence:5.82632365244143 authorised:3.86566940939505
     unauthorised:1.96065424304637 I:2.97715660034631 M:0.241995961015173 G:0.635368393379656
     O:1.05650715336062 U:0.210292039203604 N:0.0584866571024944 R:0.209814755058744 S:0.00012577082195618
     T:0.000509533073566063 E:0.0555745788402782 C1:0.00129318204113918 J1:0.00623049302613692
     C2:0.0771974855381292 C:0.295771049633617'),
    ('Birmingham', 'Total',
     '/:25904400 \:26839192 L:1294434 B:72530 K:8150 P:26148 V:367705 W:89271 C:209718 C1:648 C2:54841
     E:104409 I:1868814 J1:6806 M:172801 R:115454 S:32394 T:191 F:2 G:311414 N:32567 O:1034412 U:192824',
     'possible:58739125 attended:54601830 absent:4137295 present:54038026 approved_activity:563804
     authorised:2566078 unauthorised:1571217 late:1487258',
     'attendance:92.9564919463816 absence:7.04350805361844 authorised:4.36860099635464
     unauthorised:2.67490705726379 I:3.18154892501378 M:0.294183817004424 G:0.53016451981537
     O:1.76102725398106 U:0.328271829040695 N:0.0554434544266705 R:0.196553830177075 S:0.0551489318235503
     T:0.000325166573386989 E:0.177750349532786 C1:0.00110318292960612 J1:0.0115868256464494
     C2:0.0933636651890882 C:0.357032897578914'),
    ('Rutland', 'Primary',
     '/:348799 \:347448 L:3699 B:1771 K:741 P:2687 V:6287 C:2951 C1:16 C2:2895 E:230 I:18861 J1:24 M:2168 R:32
     T:552 G:1683 N:420 O:1823 U:1113',
     'possible:744200 attended:711432 absent:32768 present:699946 approved_activity:11486 authorised:27729
     unauthorised:5039 late:4812',
     'attendance:95.596882558452 absence:4.40311744154797 authorised:3.7260145122279
     unauthorised:0.677102929320075 I:2.53439935501209 M:0.291319537758667 G:0.226148884708412
     O:0.24496103198065 U:0.149556570814297 N:0.0564364418167159 R:0.00429991937651169 S:0
     T:0.0741736092448267 E:0.0309056705186778 C1:0.00214995968825585 J1:0.00322493953238377
     C2:0.389008331093792 C:0.396533190002687'),
    ('Rutland', 'Secondary',
     '/:444504 \:446196 L:12713 B:1229 K:1228 P:1381 V:9975 W:1338 C:4828 C1:4 C2:4224 E:1112 I:36650 J1:266
     M:4218 R:57 S:306 T:318 G:1255 N:82 O:21984 U:1588',
     'possible:995456 attended:918564 absent:76892 present:903413 approved_activity:15151 authorised:51983
     unauthorised:24909 late:14301',
     'attendance:92.2757007843641 absence:7.72429921563585 authorised:5.2220288993185
     unauthorised:2.50227031631735 I:3.68172978012087 M:0.423725408255111 G:0.126072875144657
     O:2.20843512922721 U:0.159524881059535 N:0.00823743088594574 R:0.00572601903047448 S:0.0307396811109682
     T:0.0319451588015944 E:0.111707599331362 C1:0.000401825896875402 J1:0.0267214221422142
     C2:0.424328147100424 C:0.48500385752861'),
    ('Camden', 'Total',
     '/:2236079 \:2351734 L:182645 B:19724 K:503 P:3774 V:50430 W:4881 C:28516 C1:368 C2:9947 E:9122 I:192170
     J1:824 M:22220 R:10056 S:6987 T:11 F:3 G:14262 N:4683 O:96581 U:15326',
     'possible:5260846 attended:4849770 absent:411076 present:4770458 approved_activity:79312
     authorised:280224 unauthorised:130852 late:197971',
     'attendance:92.1861236766862 absence:7.81387632331378 authorised:5.32659576045374
     unauthorised:2.48728056286004 I:3.65283454410184 M:0.422365528281953 G:0.271097082104285
     O:1.83584541345631 U:0.291321966086823 N:0.0890161012126187 R:0.191147963654515 S:0.132811338708641
     T:0.000209091845684135 E:0.173394165120971 C1:0.00699507265561471 J1:0.0156628800767025
     C2:0.189076053547281 C:0.542042097411709'),
    ('Hackney', 'Total',
     '/:3890325 \:4049920 L:231652 B:25421 K:8268 P:4136 V:53795 W:11784 C:46165 C1:457 C2:6787 E:16390
     I:250583 J1:1344 M:27907 R:11574 S:2385 T:259 G:22569 N:11810 O:159106 U:22261',
     'possible:8854898 attended:8275301 absent:579597 present:8171897 approved_activity:103404
     authorised:363851 unauthorised:215746 late:253913',
     'attendance:93.4545039366913 absence:6.54549606330869 authorised:4.10903660324489
     unauthorised:2.4364594600638 I:2.82988014091184 M:0.315158909792072 G:0.254875889027745
     O:1.79681346978813 U:0.251397588091924 N:0.133372513155996 R:0.130707321529847 S:0.0269342458829001
     T:0.00292493487784952 E:0.185095299799049 C1:0.00516098547944877 J1:0.0151780404472192
     C2:0.0766468456214854 C:0.521349878903179'),
    ('Cornwall', 'Primary',
     '/:5335033 \:5384425 L:101777 B:25851 K:2040 P:20305 V:114591 W:3 C:46522 C1:101 C2:29485 E:7968 I:349013
     J1:666 M:37126 R:928 S:7 T:403 H:38 G:60219 N:7907 O:70916 U:20440',
     'possible:11615764 attended:10984025 absent:631739 present:10821235 approved_activity:162790
     authorised:472257 unauthorised:159482 late:122217',
     'attendance:94.5613650552818 absence:5.43863494471823 authorised:4.06565594824413
     unauthorised:1.3729789964741 I:3.00464954349968 M:0.319617375146396 G:0.518424788933384
     O:0.610515158538001 U:0.175967762430435 N:0.0680712865722823 R:0.00798914303010977
     S:6.02629323391901e-05 T:0.00346942310467052 E:0.0685964349826667 C1:0.000869508023751171
     J1:0.00573358756255723 C2:0.253836080003003 C:0.400507448326257'),
    ('Bristol, City of', 'Secondary',
     '/:2975371 \:3187407 L:270067 B:30578 K:1787 P:22152 V:50985 W:28486 C:29986 C1:263 C2:31684 E:35106
     I:347208 J1:1266 M:30092 R:5602 S:5216 T:111 G:23581 N:3534 O:220624 U:49219',
     'possible:7350325 attended:6566833 absent:783492 present:6432845 approved_activity:133988
     authorised:486534 unauthorised:296958 late:319286',
     'attendance:89.3407162268335 absence:10.6592837731665 authorised:6.61921751759276
     unauthorised:4.04006625557373 I:4.72370949583862 M:0.409396863403999 G:0.320815746242513
     O:3.00155435303881 U:0.669616649603929 N:0.0480795066884798 R:0.0762143170540078 S:0.0709628485815253
     T:0.00151013730685378 E:0.477611534183863 C1:0.0035780730784013 J1:0.0172237282024944
     C2:0.431055769642839 C:0.407954750300157'),
    ('Isle of Wight', 'Special',
     '/:55451 \:55397 L:250 B:775 K:169 P:259 V:217 W:49 C:1456 C1:3 C2:5220 E:128 I:7157 J1:9 M:1139 R:2
     G:513 N:241 O:4417 U:822',
     'possible:133674 attended:112567 absent:21107 present:111098 approved_activity:1469 authorised:15114
     unauthorised:5993 late:1072',
     'attendance:84.2100932118437 absence:15.7899067881563 authorised:11.3066116073432
     unauthorised:4.48329518081302 I:5.3540703502551 M:0.852072953603543 G:0.383769469006688
     O:3.30430749435193 U:0.61492885677095 N:0.180289360683454 R:0.0014961772670826 S:0 T:0
     E:0.0957553450932867 C1:0.00224426590062391 J1:0.00673279770187172 C2:3.9050226670856 C:1.08921705043614'),
    ('Middlesbrough', 'Secondary',
     '/:1252959 \:1333592 L:110111 B:10445 K:4619 P:6183 V:19577 W:5226 C:9334 C1:23 C2:4700 E:25166 I:76172
     J1:239 M:9590 R:2610 S:1116 T:26 G:14286 N:629 O:147262 U:16379',
     'possible:3050244 attended:2742712 absent:307532 present:2696662 approved_activity:46050
     authorised:128976 unauthorised:178556 late:126490',
     'attendance:89.9177901833427 absence:10.0822098166573 authorised:4.22838304083214
     unauthorised:5.85382677582515 I:2.49724284352334 M:0.314401077422003 G:0.468355974145019
     O:4.82787606499677 U:0.536973435567778 N:0.0206213011155829 R:0.0855669251377923 S:0.0365872369554698
     T:0.000852390825127432 E:0.825048750198345 C1:0.000754038037612729 J1:0.0078354387386714
     C2:0.154086033773036 C:0.306008306220748'),
    ('Northumberland', 'Total',
     '/:5659574 \:5770394 L:221939 B:33181 K:10628 P:19107 V:106463 W:13057 C:62375 C1:532 C2:79953 E:33470
     I:395097 J1:709 M:47107 R:1272 S:1283 T:1218 G:86410 N:2370 O:235943 U:19649',
     'possible:12801731 attended:11834343 absent:967388 present:11651907 approved_activity:182436
     authorised:623016 unauthorised:344372 late:241588',
     'attendance:92.4433031751722 absence:7.55669682482783 authorised:4.86665436103914
     unauthorised:2.69004246378869 I:3.08627794163149 M:0.367973674810071 G:0.674986843576076
     O:1.84305544304907 U:0.153487055773942 N:0.0185131213895996 R:0.0099361562901142 S:0.0100220821699815
     T:0.00951433833440181 E:0.261449018105442 C1:0.00415568800812953 J1:0.00553831352963127
     C2:0.624548352093947 C:0.487238796065938'),
    ('Westminster', 'Special',
     '/:41263 \:42194 L:1217 B:3 V:838 W:6 C:1611 C1:4 C2:73 E:18 I:4565 M:1273 R:235 G:470 N:71 O:1839 U:617',
     'possible:96297 attended:85521 absent:10776 present:84674 approved_activity:847 authorised:7779
     unauthorised:2997 late:1834',
     'attendance:88.8096202373906 absence:11.1903797626094 authorised:8.07813327517991
     unauthorised:3.11224648742951 I:4.74054228065256 M:1.32195187804397 G:0.488073356387011
     O:1.9097168136079 U:0.640726087001672 N:0.0737302304329314 R:0.244036678193506 S:0 T:0
     E:0.0186921710956728 C1:0.00415381579903839 J1:0 C2:0.0758071383324506 C:1.67294931306271'),
    ('Islington', 'Primary',
     '/:1524945 \:1601608 L:89111 B:10130 K:729 P:1845 V:21813 W:6 C:13819 C1:70 C2:2775 E:1177 I:103871
     J1:1245 M:10720 R:4980 S:4 T:12 G:12315 N:5808 O:49893 U:6026',
     'possible:3462902 attended:3250187 absent:212715 present:3215664 approved_activity:34523
     authorised:138673 unauthorised:74042 late:95137',
     'attendance:93.857319670034 absence:6.14268032996602 authorised:4.00453145945222
     unauthorised:2.13814887051381 I:2.99953622712973 M:0.309566947028821 G:0.355626581404845
     O:1.44078579180121 U:0.174015897648851 N:0.167720599658899 R:0.143810018302568 S:0.000115510054861501
     T:0.000346530164584502 E:0.0339888336429965 C1:0.00202142596007626 J1:0.0359525045756421
     C2:0.080135100560166 C:0.399058362032769'),
    ('Walsall', 'Primary',
     '/:3636835 \:3736814 L:120121 B:14085 K:309 P:2450 V:46784 C:23895 C1:141 C2:13095 E:2756 I:201733 J1:909
     M:18185 R:8180 S:4 T:735 G:48338 N:1738 O:121683 U:14494',
     'possible:8013284 attended:7557398 absent:455886 present:7493770 approved_activity:63628
     authorised:269633 unauthorised:186253 late:134615',
     'attendance:94.3108717973804 absence:5.68912820261955 authorised:3.36482520774254
     unauthorised:2.32430299487701 I:2.51748222077241 M:0.226935673314461 G:0.603223347631258
     O:1.51851600417507 U:0.180874657631004 N:0.0216889854396774 R:0.102080495337492 S:4.99171126344705e-05
     T:0.00917226944658395 E:0.0343928906051501 C1:0.00175957822036508 J1:0.0113436638461834
     C2:0.163416147487098 C:0.298192351600168'),
    ('Kingston upon Hull, City of', 'Total',
     '/:5535577 \:5697445 L:291558 B:63707 K:2841 P:21125 V:76319 W:21215 J:2 C:38024 C1:210 C2:24075 E:34250
     I:320711 J1:953 M:40372 R:4398 S:485 T:65 G:68118 N:3618 O:315687 U:31837',
     'possible:12592592 attended:11709789 absent:882803 present:11524580 approved_activity:185209
     authorised:463543 unauthorised:419260 late:323395',
     'attendance:92.9895052583297 absence:7.01049474167034 authorised:3.68107693793303
     unauthorised:3.32941780373731 I:2.54682276690931 M:0.320601191557703 G:0.540937084279392
     O:2.50692629444359 U:0.252823247191682 N:0.0287311778226437 R:0.0349252957611904 S:0.00385147076948098
     T:0.000516176494878894 E:0.271985306916956 C1:0.00166764713730104 J1:0.00756794153260901
     C2:0.191183832526298 C:0.301955308327309');

CREATE TABLE computed AS
SELECT area, phase, counts, tally(counts) AS tally, sessions, percentages
FROM published, CAST(regexp_replace(codes, '\s+', ' ', 'g') AS mark_counts) AS counts;

SELECT cmp_ok((SELECT count(*) FROM published), '>=', 24::bigint, 'at least 24 rows');
CREATE TABLE sessions AS
SELECT area, phase, tally, split_part(pair, ':', 1) AS name, split_part(pair, ':', 2)::bigint AS published
FROM computed, regexp_split_to_table(sessions, '\s+') AS pair;
SELECT is_empty($$
    SELECT area, phase, name, published, computed
    FROM sessions, LATERAL (SELECT CASE name WHEN 'possible' THEN possible(tally) WHEN 'attended' THEN attended(tally)
                                             WHEN 'absent' THEN absent(tally) WHEN 'present' THEN present(tally)
                                             WHEN 'approved_activity' THEN approved_activity(tally)
                                             WHEN 'authorised' THEN authorised(tally) WHEN 'unauthorised' THEN unauthorised(tally)
                                             WHEN 'late' THEN late(tally) END) AS c (computed)
    WHERE computed IS DISTINCT FROM published $$, 'sessions by class');
SELECT is((SELECT count(*) FROM sessions), 8 * (SELECT count(*) FROM published), 'eight of them a row');

-- R may print an exponent: 9.7e-05.  It divided and multiplied doubles, each with an error of up
-- to 1.1e-16 of the value: where the true percentage lies on the border between two last digits,
-- the file may have the neighbour.
CREATE TABLE percentages AS
SELECT area, phase, tally, counts, split_part(pair, ':', 1) AS name, split_part(pair, ':', 2)::numeric AS published
FROM computed, regexp_split_to_table(percentages, '\s+') AS pair;
SELECT is_empty($$
    SELECT area, phase, name, published, computed
    FROM percentages, LATERAL (SELECT CASE name WHEN 'attendance' THEN attendance_rate(tally) WHEN 'absence' THEN absence_rate(tally)
                                                WHEN 'authorised' THEN authorised_rate(tally) WHEN 'unauthorised' THEN unauthorised_rate(tally)
                                                ELSE 100.0 * mark_count(counts,
                                                name::session_mark) / possible(tally) END) AS c (computed)
    WHERE (abs(computed - published) <= format('5e-%s',
                                               scale(published) + 1)::numeric + 3.4e-16 * computed) IS NOT TRUE $$,
                'percentages, to the last published digit');
SELECT cmp_ok((SELECT avg((round(100.0 * mark_count(counts, name::session_mark) / possible(tally),
                                 scale(published)) = published)::int)
               FROM percentages WHERE length(name) < 3), '>', 0.97, 'hardly ever the neighbour');
SELECT is((SELECT count(*) FROM percentages), 18 * (SELECT count(*) FROM published), 'eighteen of them a row');
SELECT cmp_ok((SELECT avg(scale(published)) FROM percentages WHERE name = 'attendance'), '>', 12.0,
              'with nearly all of their digits');
SELECT is_empty($$ SELECT area, phase FROM computed WHERE round(attendance_rate(tally) + absence_rate(tally),
    12) <> 100 $$,
                'attendance and absence are all that is possible');
SELECT results_eq($$ SELECT area, counts::text FROM computed WHERE phase = 'Total' AND area IN ('England', 'Bradford')
                  ORDER BY area $$,
                  $$ SELECT area, mark_counts_agg(counts)::text FROM computed WHERE phase <> 'Total'
                  AND area IN ('England', 'Bradford') GROUP BY area ORDER BY area $$,
                  'the total is the sum of the phases');
SELECT is_empty($$ SELECT area, phase FROM computed WHERE tally(counts + counts) <> tally + tally
                OR attendance_rate(tally + tally) <> attendance_rate(tally) $$,
                'twice the sessions, the same rate');
-- The same by counting marks one at a time: a small area, in thousandths of its sessions.
SELECT is((SELECT (tally_agg(mark), mark_counts_agg(mark), round(attendance_rate(mark), 9),
                   round(absence_rate(mark), 9))::text
           FROM computed, counts(counts) AS c, generate_series(1, c.sessions / 1000) WHERE area = 'Bradford'
           AND phase = 'Total'),
          (SELECT (tally(m), m, round(attendance_rate(tally(m)), 9), round(absence_rate(tally(m)), 9))::text
           FROM (SELECT string_agg(mark || ':' || c.sessions / 1000, ' ')::mark_counts AS m
                 FROM computed, counts(counts) AS c WHERE area = 'Bradford' AND phase = 'Total'
                 AND c.sessions >= 1000) AS v),
          'mark by mark');

-- ---------- the census: "Pupil absence in schools in England", full year ----------

-- absence: authorised and unauthorised sessions where both are published, else all as authorised
CREATE TABLE absence_published (what text, possible bigint, authorised bigint, unauthorised bigint, absence numeric,
                                authorised_percent numeric, unauthorised_percent numeric);
INSERT INTO absence_published VALUES
    ('2018/19 England',                 2522300237, 83570764, 35636525, 4.7, 3.3, 1.4),
    ('2018/19 England, persistent absentees alone', 245677269, 27473608, 19350544, 19.1, 11.2, 7.9),
    ('2018/19 England, special',          37308592,  3778390,        0, 10.1, NULL, NULL),
    ('2017/18 England',                 2456291730, 118236069,       0, 4.8, NULL, NULL),
    ('2016/17 England',                 2440216810, 113475287,       0, 4.7, NULL, NULL),
    ('2018/19 Camden',                     6469230,   235493,    84872, 4.95213, 3.6402, 1.31193),
    ('2018/19 Camden, special',              93699,     6676,     4603, 12.03748, 7.12494, 4.91254),
    ('2018/19 Bradford',                  29735577,   969248,   641465, 5.41679, 3.25956, 2.15723),
    ('2018/19 Bradford, secondary',       12124719,   442075,   372053, 6.71461, 3.64606, 3.06855),
    ('2018/19 school 100008',               105406,     4462,        0, 4.23316, NULL, NULL),
    ('2018/19 school 137320',               122951,     2495,     3071, 4.52701, 2.02926, 2.49774),
    ('2024/25 autumn, age 4',             79937741,  5265728,        0, 6.58729, NULL, NULL),
    ('2024/25 daily, primary',          1348359082, 70752578,        0, 5.24730978153489, NULL, NULL),
    ('2024/25 daily, secondary',        1106970367, 95138316,        0, 8.59447721783505, NULL, NULL),
    ('2024/25 daily, special',            50470125,  6501707,        0, 12.8822882844059, NULL, NULL);
SELECT is_empty($$
    SELECT what, absence_rate(t), authorised_rate(t), unauthorised_rate(t)
    FROM absence_published,
    CAST(format('present:%s authorised:%s unauthorised:%s', possible - authorised - unauthorised, authorised,
                unauthorised) AS attendance_tally) AS t
    WHERE round(absence_rate(t), scale(absence)) IS DISTINCT FROM absence OR possible(t) IS DISTINCT FROM possible
       OR (authorised_percent IS NOT NULL AND round(authorised_rate(t), scale(authorised_percent))
           IS DISTINCT FROM authorised_percent)
       OR (unauthorised_percent IS NOT NULL AND round(unauthorised_rate(t), scale(unauthorised_percent))
           IS DISTINCT FROM unauthorised_percent) $$, 'rates of absence');

-- enrolments persistently absent, and severely (from 2020/21 the numerators are those of the
-- absence bands, published with one digit)
CREATE TABLE persistent_published (what text, enrolments bigint, persistent bigint, severe bigint,
                                   persistent_percent numeric, severe_percent numeric);
INSERT INTO persistent_published VALUES
    ('2016/17 England',            6899769,  744276,  48460,     10.8,  0.7),
    ('2016/17 England, secondary', 2895975,  392199,      0,     13.5, NULL),
    ('2017/18 England',            7015051,  783424,      0,     11.2, NULL),
    ('2018/19 England',            7105958,  771863,  60247,     10.9,  0.8),
    ('2020/21 England',            7223088,  872438,  81652,     12.1,  1.1),
    ('2021/22 England',            7303379, 1643876, 120623,     22.5,  1.7),
    ('2022/23 England',            7396032, 1569304, 150260,     21.2,  2.0),
    ('2018/19 Camden',               18334,    2181,      0, 11.89593, NULL),
    ('2018/19 Bradford',             83748,   11819,      0, 14.11258, NULL),
    ('2018/19 Bradford, special',      968,     320,      0, 33.05785, NULL),
    ('2018/19 school 100008',          300,      22,      0,  7.33333, NULL),
    ('2018/19 school 137320',          378,      51,      0, 13.49206, NULL);
SELECT is_empty($$
    SELECT what, persistent_absence_rate(c), severe_absence_rate(c)
    FROM persistent_published,
    CAST(format('enrolments:%s persistently_absent:%s severely_absent:%s', enrolments, persistent,
                severe) AS cohort_summary) AS c
    WHERE round(persistent_absence_rate(c), scale(persistent_percent)) IS DISTINCT FROM persistent_percent
       OR (severe_percent IS NOT NULL AND round(severe_absence_rate(c), scale(severe_percent))
           IS DISTINCT FROM severe_percent) $$, 'persistent and severe absence');
-- The regions of England, whatever their number, are added as counts: never a mean of rates.
SELECT is((SELECT round(persistent_absence_rate(cohort_agg(c)), 3)
           FROM unnest('{enrolments:100 persistently_absent:50,enrolments:900 persistently_absent:90}'::cohort_summary[]) AS c),
          14.000, 'rates of a whole are sums divided');

-- ---------- thresholds: inclusive, in whole sessions ----------

CREATE FUNCTION absent_for(absent bigint, possible bigint) RETURNS attendance_tally LANGUAGE sql IMMUTABLE
RETURN format('present:%s unauthorised:%s', possible - absent, absent)::attendance_tally;
SELECT ok(is_persistently_absent(absent_for(38, 380)), '38 of 380 sessions are persistent absence');
SELECT ok(NOT is_persistently_absent(absent_for(37, 380)), '37 of 380 are not');
SELECT ok(is_severely_absent(absent_for(190, 380)) AND is_persistently_absent(absent_for(190, 380)),
          '190 of 380 are severe absence, and persistent too');
SELECT ok(NOT is_severely_absent(absent_for(189, 380)), '189 of 380 are not');
SELECT ok(NOT is_persistently_absent('empty') AND NOT is_severely_absent('not_possible:380 unmarked:2'),
          'without a possible session there is neither');
SELECT is_empty($$ SELECT absent, possible FROM generate_series(1, 120) AS possible,
                generate_series(0, possible) AS absent
                   WHERE is_persistently_absent(absent_for(absent, possible)) <> (10 * absent >= possible)
                      OR is_severely_absent(absent_for(absent, possible)) <> (2 * absent >= possible) $$,
                      'every case up to 120 sessions');

SELECT * FROM finish();
ROLLBACK;
