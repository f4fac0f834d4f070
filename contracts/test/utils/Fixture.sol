// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { OrganisationRegistry } from "../../src/OrganisationRegistry.sol";
import { ProvenanceLedger } from "../../src/ProvenanceLedger.sol";
import { IProvenanceLedger } from "../../src/interfaces/IProvenanceLedger.sol";
import { ROLE_RECORD } from "../../src/interfaces/IOrganisationRegistry.sol";
import { Typed } from "./Typed.sol";
import { vm } from "./Vm.sol";

/// @title Both contracts, one registered organisation and the means to sign for it
abstract contract Fixture {
    string internal constant URI = "https://id.gs1.org/417/9506000111117";
    bytes32 internal constant ORGANISATION = keccak256(bytes(URI));

    uint256 internal constant KEY = 0xA11CE;
    uint256 internal constant SECOND_KEY = 0xB0B;
    uint256 internal constant STRANGER_KEY = 0xBAD;

    address internal constant REGISTRAR = address(0x4e61);
    address internal constant CARRIER = address(0xCA22);

    OrganisationRegistry internal registry;
    ProvenanceLedger internal ledger;

    function setUp() public virtual {
        vm.roll(100);
        registry = new OrganisationRegistry(REGISTRAR);
        ledger = new ProvenanceLedger(registry);
        vm.prank(REGISTRAR);
        registry.register(URI, vm.addr(KEY), ROLE_RECORD);
    }

    function noItems() internal pure returns (IProvenanceLedger.OpenItem[] memory) {
        return new IProvenanceLedger.OpenItem[](0);
    }

    function someItems(uint256 count) internal pure returns (IProvenanceLedger.OpenItem[] memory items) {
        items = new IProvenanceLedger.OpenItem[](count);
        for (uint256 i = 0; i < count; ++i) {
            items[i].itemKey = keccak256(abi.encode("item", i));
            items[i].commitment = keccak256(abi.encode("commitment", i));
        }
    }

    function headerOf(
        uint64 sequence,
        IProvenanceLedger.OpenItem[] memory items
    )
        internal
        pure
        returns (IProvenanceLedger.Header memory)
    {
        return IProvenanceLedger.Header({
            organisation: ORGANISATION,
            sequence: sequence,
            root: keccak256(abi.encode("root", sequence)),
            size: 3,
            itemsHash: keccak256(abi.encode(items)),
            indexRoot: 0
        });
    }

    function signed(uint256 key, IProvenanceLedger.Header memory header) internal view returns (bytes memory) {
        return Typed.sign(key, Typed.domain(block.chainid, address(ledger)), Typed.headerHash(header));
    }

    function signedForRegistry(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        return Typed.sign(key, Typed.domain(block.chainid, address(registry)), structHash);
    }

    function recordSealed(uint64 sequence) internal {
        IProvenanceLedger.Header memory header = headerOf(sequence, noItems());
        bytes memory signature = signed(KEY, header);
        vm.prank(CARRIER);
        ledger.record(header, signature, noItems());
    }

    function addKey(uint256 signer, uint256 key) internal {
        bytes32 structHash = Typed.keyAddition(ORGANISATION, vm.addr(key), registry.nonces(ORGANISATION));
        bytes memory signature = signedForRegistry(signer, structHash);
        vm.prank(CARRIER);
        registry.addKey(ORGANISATION, vm.addr(key), signature);
    }

    function revokeAsRegistrar(uint256 key) internal {
        vm.prank(REGISTRAR);
        registry.revokeKey(ORGANISATION, vm.addr(key));
    }
}
