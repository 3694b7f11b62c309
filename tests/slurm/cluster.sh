#!/bin/sh
# A Slurm cluster of two nodes on loopback, for as long as its standard input is open.
#
#   tests/slurm/cluster.sh FOLDER
#
# Says `ready` on standard output when both nodes are idle. Everything it needs and leaves lies in FOLDER:
# `slurm.conf`, keys, sockets, state, logs, and `NODE.pid` of each node's daemon, so that a node can be killed.
# `node.sh NODE` in FOLDER starts a node's daemon again. All daemons are ended when standard input closes.
# Debian: slurmctld, slurmd, slurm-client, munge, python3. Slurm looks addresses up in a way that finds none on a
# machine that has no address but 127.0.0.1.
set -eu
PATH=$PATH:/usr/sbin
folder=$(realpath "$1")
cd "$folder"
me=$(id -un)
host=$(hostname -s)

# Three ports that nobody has.
ports=$(python3 -c '
import socket
all = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(one.getsockname()[1] for one in all))')
# shellcheck disable=SC2086
set -- $ports

mkdir -p munge socket state spool/n1 spool/n2 log
chmod 0700 munge state
# Whoever is let into the cluster has to reach the socket, and nobody else may make one there.
chmod 0711 socket .
(umask 077 && head -c 1024 /dev/urandom > munge/key)

cat > slurm.conf <<CONF
ClusterName=checker
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$1
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
AuthInfo=socket=$folder/socket/munge,cred_expire=10
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
MessageTimeout=5
KillWait=5
MinJobAge=600
BatchStartTimeout=10
SchedulerParameters=sched_interval=2,requeue_delay=1
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/%n.log
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$2 CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$3 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"

cat > node.sh <<NODE
#!/bin/sh
# Starts a node's daemon; its jobs find this cluster by the variable.
export SLURM_CONF="$SLURM_CONF"
PATH=\$PATH:/usr/sbin
exec slurmd -D -N "\$1" -f "$SLURM_CONF"
NODE
chmod +x node.sh

daemons=
finish() {
    trap - EXIT INT TERM
    for pid in $daemons $(cat n1.pid n2.pid 2>/dev/null); do
        kill -CONT "$pid" 2>/dev/null || true
        kill "$pid" 2>/dev/null || true
    done
    wait
    # What a daemon that was killed has left behind knows this cluster by its variable.
    for process in /proc/[0-9]*; do
        if tr '\0' '\n' 2>/dev/null < "$process/environ" | grep -qxF "SLURM_CONF=$SLURM_CONF"; then
            kill -KILL "${process#/proc/}" 2>/dev/null || true
        fi
    done
}
trap finish EXIT INT TERM

munged --foreground --force --key-file=munge/key --socket=socket/munge --pid-file=munge/pid \
    --seed-file=munge/seed --log-file=munge/log < /dev/null > /dev/null 2>&1 &
daemons="$daemons $!"
until [ -S socket/munge ]; do kill -0 "$!" || { cat munge/log >&2; exit 1; }; sleep 0.1; done
slurmctld -D -f "$SLURM_CONF" < /dev/null > log/slurmctld.out 2>&1 &
daemons="$daemons $!"
for node in n1 n2; do
    ./node.sh "$node" < /dev/null > "log/$node.out" 2>&1 &
    daemons="$daemons $!"
done

tries=0
until [ "$(sinfo --noheader --Node --format=%t 2>/dev/null | grep -c '^idle$')" = 2 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || { cat log/* >&2; exit 1; }
    sleep 0.1
done
echo ready
cat > /dev/null
