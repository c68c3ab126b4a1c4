# made for the tests
@problemName Tiny
@timeStamps false
@missing true
@univariate false
@dimensions 2
@equalLength false
@classLabel true up down
@data
0.5,1,?:3,4,5:up
2,1.5:1,0:down
1,2,3:0,0,0:up
